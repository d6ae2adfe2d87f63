package table

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func get(path string) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	Handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
	return recorder
}

func TestKnownCurrency(t *testing.T) {
	if body := get("/rates/CHF").Body.String(); body != "0.9500\n" {
		t.Fatalf("got %q", body)
	}
}

func TestUnknownCurrency(t *testing.T) {
	if code := get("/rates/XXX").Code; code != http.StatusNotFound {
		t.Fatalf("got %d", code)
	}
}
