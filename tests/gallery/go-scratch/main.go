package main

import (
	"database/sql"
	"encoding/json"
	"log"
	"net/http"
	"os"

	_ "github.com/lib/pq"
)

func main() {
	db, err := sql.Open("postgres", os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := db.Exec("CREATE TABLE IF NOT EXISTS links (id serial PRIMARY KEY, url text)"); err != nil {
		log.Fatal(err)
	}

	http.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte("ok"))
	})
	http.HandleFunc("/links", func(w http.ResponseWriter, r *http.Request) {
		rows, err := db.Query("SELECT url FROM links ORDER BY id LIMIT 100")
		if err != nil {
			log.Println("error:", err)
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer rows.Close()
		links := []string{}
		for rows.Next() {
			var url string
			if err := rows.Scan(&url); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			links = append(links, url)
		}
		json.NewEncoder(w).Encode(links)
	})
	log.Println("listening on :8090")
	log.Fatal(http.ListenAndServe(":8090", nil))
}
