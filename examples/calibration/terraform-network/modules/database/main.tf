terraform {
  required_version = "~> 1.10"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.90"
    }
  }
}

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnets
}

resource "aws_db_instance" "this" {
  identifier                  = var.name
  engine                      = "postgres"
  engine_version              = "17.4"
  instance_class              = var.size
  allocated_storage           = 50
  storage_encrypted           = true
  multi_az                    = var.production
  db_subnet_group_name        = aws_db_subnet_group.this.name
  username                    = "owner"
  manage_master_user_password = true
  backup_retention_period     = var.production ? 14 : 3
  deletion_protection         = var.production
  skip_final_snapshot         = !var.production
}

resource "aws_cloudwatch_metric_alarm" "storage" {
  alarm_name          = "${var.name}-storage"
  namespace           = "AWS/RDS"
  metric_name         = "FreeStorageSpace"
  dimensions          = { DBInstanceIdentifier = aws_db_instance.this.identifier }
  statistic           = "Minimum"
  period              = 300
  evaluation_periods  = 2
  comparison_operator = "LessThanThreshold"
  threshold           = 5000000000
  alarm_actions       = [var.alarm_topic]
}
