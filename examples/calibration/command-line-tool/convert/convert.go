// Package convert turns logfmt into JSON.
package convert

import (
	"encoding/json"
	"strings"
)

// ToJSON converts one line; words without "=" are true.
func ToJSON(line string) string {
	found := map[string]any{}
	for _, word := range strings.Fields(line) {
		name, value, valued := strings.Cut(word, "=")
		if !valued {
			found[name] = true
			continue
		}
		found[name] = strings.Trim(value, `"`)
	}
	text, err := json.Marshal(found)
	if err != nil {
		return "{}"
	}
	return string(text)
}
