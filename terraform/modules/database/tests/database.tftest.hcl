mock_provider "aws" {
  override_during = plan

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/onus-dev-database-monitoring" }
  }
  mock_resource "aws_rds_cluster" {
    defaults = {
      master_user_secret = [{
        secret_arn    = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!cluster-some"
        secret_status = "active"
        kms_key_id    = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
      }]
    }
  }
}

variables {
  name              = "onus-dev"
  subnet_ids        = ["subnet-1", "subnet-2"]
  security_group_id = "sg-1"
  log_key_arn       = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  alarm_topic_arn   = "arn:aws:sns:eu-central-1:123456789012:onus-dev-alarms"
}

run "private_and_encrypted" {
  command = plan

  assert {
    condition     = aws_rds_cluster.this.storage_encrypted
    error_message = "Storage and snapshots are encrypted."
  }
  assert {
    condition     = alltrue([for instance in aws_rds_cluster_instance.this : !instance.publicly_accessible])
    error_message = "No public address."
  }
  assert {
    condition     = one([for parameter in aws_rds_cluster_parameter_group.this.parameter : parameter.value if parameter.name == "rds.force_ssl"]) == "1"
    error_message = "Nobody connects without TLS."
  }
  assert {
    condition     = aws_rds_cluster.this.vpc_security_group_ids == toset(["sg-1"])
    error_message = "Behind the network's group and no other."
  }
}

run "no_password_in_any_state" {
  command = plan

  assert {
    condition     = aws_rds_cluster.this.manage_master_user_password && aws_rds_cluster.this.master_password == null
    error_message = "RDS makes the master's password."
  }
  assert {
    condition     = output.master_secret_arn == "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!cluster-some"
    error_message = "Only the secret's name is given away."
  }
  assert {
    condition     = aws_rds_cluster.this.iam_database_authentication_enabled
    error_message = "Roles may also sign in by IAM."
  }
}

run "logs_hold_no_values" {
  command = plan

  assert {
    condition = { for parameter in aws_rds_cluster_parameter_group.this.parameter : parameter.name => parameter.value if startswith(parameter.name, "log_") } == {
      log_error_verbosity               = "terse"
      log_lock_waits                    = "1"
      log_min_duration_statement        = "500"
      log_parameter_max_length          = "0"
      log_parameter_max_length_on_error = "0"
      log_statement                     = "none"
    }
    error_message = "Slow statements are logged, their values and passwords never."
  }
  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.kms_key_id == var.log_key_arn && group.retention_in_days == 30])
    error_message = "The log is encrypted, and not for ever."
  }
  assert {
    condition     = aws_rds_cluster.this.enabled_cloudwatch_logs_exports == toset(["postgresql"]) && one(output.log_group_names) == "/aws/rds/cluster/onus-dev/postgresql"
    error_message = "Aurora writes to the group that is there."
  }
}

run "protected_by_default" {
  command = plan

  assert {
    condition     = aws_rds_cluster.this.deletion_protection && !aws_rds_cluster.this.skip_final_snapshot && aws_rds_cluster.this.final_snapshot_identifier == "onus-dev-final"
    error_message = "Nothing is deleted without a last snapshot."
  }
  assert {
    condition     = aws_rds_cluster.this.backup_retention_period == 7
    error_message = "A week of backups."
  }
  assert {
    condition     = alltrue([for instance in aws_rds_cluster_instance.this : instance.performance_insights_enabled && instance.performance_insights_retention_period == 7 && instance.instance_class == "db.serverless"])
    error_message = "Serverless, with the insights that cost nothing."
  }
  assert {
    condition     = aws_rds_cluster.this.serverlessv2_scaling_configuration[0].min_capacity == 0.5 && aws_rds_cluster.this.serverlessv2_scaling_configuration[0].max_capacity == 4
    error_message = "Half a unit to four."
  }
  assert {
    condition     = length(aws_rds_cluster_instance.this) == 1
    error_message = "One instance by default."
  }
}

run "alarms" {
  command = plan

  assert {
    condition     = length(setsubtract(["CPUUtilization", "ACUUtilization", "DatabaseConnections", "FreeableMemory"], [for alarm in aws_cloudwatch_metric_alarm.this : alarm.metric_name])) == 0
    error_message = "Processor, capacity, connections and memory ring."
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_actions == toset([var.alarm_topic_arn]) && alarm.dimensions.DBClusterIdentifier == "onus-dev"])
    error_message = "They look at this cluster and tell the topic."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["memory"].comparison_operator == "LessThanThreshold" && aws_cloudwatch_metric_alarm.this["cpu"].comparison_operator == "GreaterThanThreshold"
    error_message = "Memory runs low, everything else high."
  }
}

run "an_environment_that_comes_and_goes" {
  command = plan

  variables {
    deletion_protection = false
    min_capacity        = 0
    pause_after_seconds = 300
    monitoring_seconds  = 0
    instances           = 2
  }
  state_key = "small"

  assert {
    condition     = !aws_rds_cluster.this.deletion_protection && aws_rds_cluster.this.skip_final_snapshot && aws_rds_cluster.this.delete_automated_backups
    error_message = "It leaves nothing behind."
  }
  assert {
    condition     = aws_rds_cluster.this.serverlessv2_scaling_configuration[0].min_capacity == 0 && aws_rds_cluster.this.serverlessv2_scaling_configuration[0].seconds_until_auto_pause == 300
    error_message = "It may pause."
  }
  assert {
    condition     = length(aws_iam_role.monitoring) == 0 && length(aws_rds_cluster_instance.this) == 2
    error_message = "Unwatched by the second, with a second instance."
  }
}

run "bad_settings" {
  command = plan

  variables {
    engine_version      = "12"
    min_capacity        = 0.3
    pause_after_seconds = 60
    instances           = 0
    backup_days         = 0
    backup_window       = "at night"
    maintenance_window  = "sunday"
    slow_query_ms       = 0
    monitoring_seconds  = 2
    max_connections     = 0
    subnet_ids          = ["subnet-1"]
  }

  expect_failures = [
    var.engine_version, var.min_capacity, var.pause_after_seconds, var.instances, var.backup_days, var.backup_window,
    var.maintenance_window, var.slow_query_ms, var.monitoring_seconds, var.max_connections, var.subnet_ids,
  ]
}

run "more_at_least_than_at_most" {
  command = plan

  variables {
    min_capacity = 8
    max_capacity = 4
  }

  expect_failures = [var.max_capacity]
}
