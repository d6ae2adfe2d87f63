"""What watches the application: Prometheus' rules and settings, Alertmanager's routes, Grafana's dashboards."""
