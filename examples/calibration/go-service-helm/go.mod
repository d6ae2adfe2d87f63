module ledgerette.example/ledgerette

go 1.25
