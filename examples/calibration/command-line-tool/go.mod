module logturn.example/logturn

go 1.25
