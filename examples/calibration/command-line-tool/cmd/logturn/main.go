// Logturn converts log lines.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"

	"logturn.example/logturn/convert"
)

func main() {
	to := flag.String("to", "json", "the format to write: json")
	flag.Parse()
	if *to != "json" {
		fmt.Fprintf(os.Stderr, "logturn: unknown format %q\n", *to)
		os.Exit(2)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 64*1024), 4*1024*1024)
	for lines.Scan() {
		fmt.Println(convert.ToJSON(lines.Text()))
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, "logturn:", err)
		os.Exit(1)
	}
}
