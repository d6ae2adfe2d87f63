// Package table holds the rates.
package table

import (
	"fmt"
	"net/http"
	"sync/atomic"
)

var rates = map[string]float64{"EUR": 1, "USD": 1.08, "CHF": 0.95}

var asked atomic.Int64

// Handler is the HTTP interface.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "# TYPE rates_asked_total counter\nrates_asked_total %d\n", asked.Load())
	})
	mux.HandleFunc("GET /rates/{currency}", func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		rate, known := rates[r.PathValue("currency")]
		if !known {
			http.Error(w, "unknown currency", http.StatusNotFound)
			return
		}
		fmt.Fprintf(w, "%.4f\n", rate)
	})
	return mux
}
