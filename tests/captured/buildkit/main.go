// Prints what BuildKit parses from Dockerfiles (one JSON string a line): 0.21.1.jsonl beside this was made with it.
//
//	go mod init oracle && go get github.com/moby/buildkit/frontend/dockerfile/parser@v0.21.1 && go run . < texts.jsonl
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

type doc struct {
	Name    string `json:"name"`
	Content string `json:"content"`
}
type node struct {
	Value string   `json:"value"`
	Line  int      `json:"line"`
	End   int      `json:"end"`
	Flags []string `json:"flags"`
	JSON  bool     `json:"json"`
	Words []string `json:"words"`
	Orig  string   `json:"original"`
	Docs  []doc    `json:"docs"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var text string
		if json.Unmarshal(in.Bytes(), &text) != nil {
			panic("not JSON")
		}
		result, err := parser.Parse(bytes.NewReader([]byte(text)))
		if err != nil {
			out.Encode(map[string]any{"error": err.Error()})
			continue
		}
		nodes := []node{}
		for _, c := range result.AST.Children {
			n := node{Value: c.Value, Line: c.StartLine, End: c.EndLine, Flags: c.Flags, JSON: c.Attributes["json"], Orig: c.Original}
			for w := c.Next; w != nil; w = w.Next {
				n.Words = append(n.Words, w.Value)
			}
			for _, h := range c.Heredocs {
				n.Docs = append(n.Docs, doc{h.Name, h.Content})
			}
			nodes = append(nodes, n)
		}
		out.Encode(map[string]any{"nodes": nodes, "escape": string(result.EscapeToken)})
	}
}
