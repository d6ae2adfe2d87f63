package convert

import "testing"

func TestToJSON(t *testing.T) {
	for line, want := range map[string]string{
		"":                  `{}`,
		"level=info":        `{"level":"info"}`,
		`msg="hello" debug`: `{"debug":true,"msg":"hello"}`,
	} {
		if got := ToJSON(line); got != want {
			t.Errorf("%q: got %s, want %s", line, got, want)
		}
	}
}

func FuzzToJSON(f *testing.F) {
	f.Add("a=b c")
	f.Fuzz(func(t *testing.T, line string) { ToJSON(line) })
}
