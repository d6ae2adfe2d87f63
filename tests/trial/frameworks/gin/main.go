// Stock of a shop; one connection, made at the start.
package main

import (
	"context"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5"
)

var (
	lock sync.Mutex
	kept *pgx.Conn
)

// connection gives the one connection; without the weakness a new one if that is closed.
func connection(limit context.Context) (*pgx.Conn, error) {
	if kept == nil || (kept.IsClosed() && os.Getenv("WEAK") == "") {
		made, err := pgx.Connect(limit, os.Getenv("DATABASE_URL"))
		if err != nil {
			return nil, err
		}
		kept = made
	}
	return kept, nil
}

func stock(c *gin.Context) {
	lock.Lock()
	defer lock.Unlock()
	limit, cancel := context.WithTimeout(c, 5*time.Second)
	defer cancel()
	var number int
	database, err := connection(limit)
	if err == nil {
		err = database.QueryRow(limit, "select 7").Scan(&number)
	}
	if err != nil {
		c.JSON(http.StatusInternalServerError, gin.H{"error": err.Error()})
		return
	}
	c.JSON(http.StatusOK, gin.H{"stock": number})
}

func main() {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.GET("/health", func(c *gin.Context) { c.String(http.StatusOK, "ok") })
	api := r.Group("/api")
	{
		v1 := api.Group("/v1")
		v1.GET("/stock", stock)
		v1.GET("/stock/:id", stock)
	}
	r.Run("0.0.0.0:8000")
}
