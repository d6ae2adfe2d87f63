package ledger

import "testing"

func TestSum(t *testing.T) {
	if got := Sum([]int64{1, 2, -3}); got != 0 {
		t.Fatalf("got %d", got)
	}
}
