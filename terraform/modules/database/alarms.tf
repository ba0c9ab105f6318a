# When the database needs somebody. Missing values are no fault: a database that sleeps measures nothing.

locals {
  alarms = {
    cpu = {
      metric = "CPUUtilization", statistic = "Average", minutes = 15, over = 85
      what   = "The database's processor has been busy for a quarter of an hour"
    }
    capacity = {
      metric = "ACUUtilization", statistic = "Average", minutes = 15, over = 90
      what   = "The database is near max_capacity: raise it"
    }
    connections = {
      metric = "DatabaseConnections", statistic = "Maximum", minutes = 5, over = var.max_connections
      what   = "Too many connections: lower database.pool_size or the number of tasks"
    }
    memory = {
      # On Serverless v2 this is what would be free at max_capacity.
      metric = "FreeableMemory", statistic = "Minimum", minutes = 15, under = 268435456
      what   = "Less than 256 MiB are free even at max_capacity: raise it"
    }
    commits = {
      metric = "CommitLatency", statistic = "Average", minutes = 15, over = 100
      what   = "A commit takes more than 100 ms"
    }
    deadlocks = {
      metric = "Deadlocks", statistic = "Maximum", minutes = 5, over = 0
      what   = "Transactions lock each other out: look into the postgresql log"
    }
    transaction_ids = {
      metric = "MaximumUsedTransactionIDs", statistic = "Maximum", minutes = 60, over = 1000000000
      what   = "Vacuum does not keep up: transaction ids run out at two billions"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-database-${replace(each.key, "_", "-")}"
  alarm_description   = each.value.what
  namespace           = "AWS/RDS"
  metric_name         = each.value.metric
  dimensions          = { DBClusterIdentifier = aws_rds_cluster.this.cluster_identifier }
  statistic           = each.value.statistic
  period              = min(each.value.minutes, 5) * 60
  evaluation_periods  = ceil(each.value.minutes / 5)
  threshold           = try(each.value.over, each.value.under)
  comparison_operator = can(each.value.over) ? "GreaterThanThreshold" : "LessThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
}
