// Package ledger adds up entries.
package ledger

import (
	"encoding/json"
	"net/http"
	"sync/atomic"
)

var summed atomic.Int64

// Sum adds up entries in cents.
func Sum(entries []int64) int64 {
	var total int64
	for _, entry := range entries {
		total += entry
	}
	return total
}

// Handler is the HTTP interface.
func Handler(database string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]int64{"ledger_sums_total": summed.Load()})
	})
	mux.HandleFunc("POST /sum", func(w http.ResponseWriter, r *http.Request) {
		var entries []int64
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&entries); err != nil || database == "" {
			http.Error(w, "not a list of cents", http.StatusBadRequest)
			return
		}
		summed.Add(1)
		_ = json.NewEncoder(w).Encode(Sum(entries))
	})
	return mux
}
