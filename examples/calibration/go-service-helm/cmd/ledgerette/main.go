// Ledgerette keeps ledgers.
package main

import (
	"log/slog"
	"net/http"
	"os"
	"time"

	"ledgerette.example/ledgerette/ledger"
)

func main() {
	server := &http.Server{Addr: ":8080", Handler: ledger.Handler(os.Getenv("DATABASE_URL")), ReadHeaderTimeout: 5 * time.Second}
	if err := server.ListenAndServe(); err != nil {
		slog.Error("ended", "error", err)
		os.Exit(1)
	}
}
