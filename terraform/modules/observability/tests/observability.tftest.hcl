mock_provider "aws" {
  override_during = plan

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555" }
  }
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:eu-central-1:123456789012:onus-dev-alarms" }
  }
  mock_resource "aws_cloudwatch_metric_alarm" {
    defaults = { arn = "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:onus-dev-some" }
  }
}

variables {
  name        = "onus-dev"
  region      = "eu-central-1"
  alarm_email = "ops@example.com"
}

run "logs" {
  command = plan

  assert {
    condition     = toset(keys(output.log_groups)) == toset(["auth", "task", "audit", "notify"])
    error_message = "Each service has a group."
  }
  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.service : group.kms_key_id == aws_kms_key.this.arn && group.retention_in_days == 30])
    error_message = "Encrypted with our key, and not for ever."
  }
  assert {
    condition     = aws_kms_key.this.enable_key_rotation
    error_message = "The key is rotated."
  }
}

run "the_key_is_for_named_services" {
  command = plan

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_kms_key_policy.this.policy).Statement :
      statement.Sid == "Account" ? statement.Principal.AWS == "arn:aws:iam::123456789012:root" : can(statement.Principal.Service) && can(statement.Condition)
    ])
    error_message = "Everybody but the account is a service of AWS, and comes under a condition."
  }
}

run "alarms_reach_somebody" {
  command = plan

  assert {
    condition     = aws_sns_topic.alarms.kms_master_key_id == aws_kms_key.this.arn
    error_message = "The topic is encrypted."
  }
  assert {
    condition     = aws_sns_topic_subscription.mail.protocol == "email" && aws_sns_topic_subscription.mail.endpoint == "ops@example.com"
    error_message = "They go to the address."
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.count : contains(alarm.alarm_actions, aws_sns_topic.alarms.arn) && contains(alarm.ok_actions, aws_sns_topic.alarms.arn)])
    error_message = "Every alarm tells of its beginning and its end."
  }
  assert {
    condition     = jsondecode(aws_sns_topic_policy.alarms.policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "Only alarms of this account are published."
  }
}

run "three_errors_within_five_minutes" {
  command = plan

  assert {
    condition = alltrue([for service in ["auth", "task", "audit", "notify"] : (
      aws_cloudwatch_metric_alarm.count["errors-${service}"].threshold == 3 &&
      aws_cloudwatch_metric_alarm.count["errors-${service}"].period == 300 &&
      aws_cloudwatch_metric_alarm.count["errors-${service}"].evaluation_periods == 1 &&
      aws_cloudwatch_metric_alarm.count["errors-${service}"].statistic == "Sum" &&
      aws_cloudwatch_metric_alarm.count["errors-${service}"].comparison_operator == "GreaterThanOrEqualToThreshold"
    )])
    error_message = "The third error within five minutes rings, for each service."
  }
  assert {
    condition     = aws_cloudwatch_log_metric_filter.count["errors-task"].pattern == "{ $.level = \"ERROR\" }" && aws_cloudwatch_log_metric_filter.count["errors-task"].log_group_name == "/onus-dev/task"
    error_message = "Errors are counted where the level says so."
  }
  assert {
    condition = alltrue([for name, filter in aws_cloudwatch_log_metric_filter.count : (
      filter.metric_transformation[0].name == aws_cloudwatch_metric_alarm.count[name].metric_name &&
      filter.metric_transformation[0].namespace == aws_cloudwatch_metric_alarm.count[name].namespace
    )])
    error_message = "Every alarm looks at the count of its own filter."
  }
}

run "poison_and_guessing_ring" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.count["audit-integrity"].threshold == 1 && strcontains(aws_cloudwatch_log_metric_filter.count["audit-integrity"].pattern, "an event is in quarantine")
    error_message = "The first sign that the audit log misses something rings."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.count["quarantined-notify"].threshold == 1 && aws_cloudwatch_metric_alarm.count["quarantined-task"].threshold == 1
    error_message = "So does quarantine elsewhere."
  }
  assert {
    condition     = aws_cloudwatch_log_metric_filter.count["refused-sign-ins"].log_group_name == "/onus-dev/auth" && strcontains(aws_cloudwatch_log_metric_filter.count["refused-sign-ins"].pattern, "$.status = 401")
    error_message = "Refused sign-ins are counted in auth-service's log."
  }
  assert {
    condition     = alltrue([for filter in aws_cloudwatch_log_metric_filter.count : length(filter.pattern) <= 1024])
    error_message = "CloudWatch takes 1,024 characters."
  }
}

run "the_trail" {
  command = plan

  assert {
    condition     = aws_cloudtrail.this[0].is_multi_region_trail && aws_cloudtrail.this[0].enable_log_file_validation && aws_cloudtrail.this[0].kms_key_id == aws_kms_key.this.arn
    error_message = "All regions, tamper-evident, encrypted."
  }
  assert {
    condition = anytrue([for selector in aws_cloudtrail.this[0].advanced_event_selector : anytrue([
      for field in selector.field_selector : field.field == "resources.type" && contains(coalesce(field.equals, []), "AWS::S3::Object")
    ])])
    error_message = "Reads and writes of objects are written down."
  }
  assert {
    condition = anytrue(flatten([for selector in aws_cloudtrail.this[0].advanced_event_selector : [
      for field in selector.field_selector : contains(coalesce(field.not_starts_with, ["none"]), "arn:aws:s3:::onus-dev-trail-123456789012-eu-central-1/")
    ]]))
    error_message = "All but the trail's own files."
  }
  assert {
    condition = (
      aws_s3_bucket_public_access_block.trail[0].block_public_acls && aws_s3_bucket_public_access_block.trail[0].block_public_policy &&
      aws_s3_bucket_public_access_block.trail[0].ignore_public_acls && aws_s3_bucket_public_access_block.trail[0].restrict_public_buckets
    )
    error_message = "Nobody outside sees it."
  }
  assert {
    condition     = aws_s3_bucket_versioning.trail[0].versioning_configuration[0].status == "Enabled" && !aws_s3_bucket.trail[0].force_destroy
    error_message = "Versioned, and not thrown away by mistake."
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.trail[0].rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms"
    error_message = "Encrypted."
  }
  assert {
    condition = length([
      for statement in jsondecode(aws_s3_bucket_policy.trail[0].policy).Statement : statement
      if statement.Effect == "Deny" && try(statement.Condition.Bool["aws:SecureTransport"], "") == "false"
    ]) == 1
    error_message = "Only over TLS."
  }
  assert {
    condition = alltrue([
      for statement in jsondecode(aws_s3_bucket_policy.trail[0].policy).Statement :
      statement.Effect == "Deny" || try(statement.Condition.StringEquals["aws:SourceArn"], "") == "arn:aws:cloudtrail:eu-central-1:123456789012:trail/onus-dev"
    ])
    error_message = "Only this trail writes."
  }
}

run "named_buckets" {
  command = plan

  variables { trail_bucket_arns = ["arn:aws:s3:::onus-dev-site"] }

  assert {
    condition = anytrue(flatten([for selector in aws_cloudtrail.this[0].advanced_event_selector : [
      for field in selector.field_selector : contains(coalesce(field.starts_with, ["none"]), "arn:aws:s3:::onus-dev-site/")
    ]]))
    error_message = "Only the buckets that are named."
  }
}

run "costs" {
  command = plan

  assert {
    condition     = aws_budgets_budget.this[0].limit_amount == "150" && length(aws_budgets_budget.this[0].notification) == 3
    error_message = "Mails at 80 and 100 percent, and when 100 are foreseen."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.billing[0].region == "us-east-1" && aws_sns_topic.billing[0].region == "us-east-1"
    error_message = "AWS counts the bill there and nowhere else."
  }
}

run "the_dashboard" {
  command = plan

  variables {
    cluster_name  = "onus-dev"
    ecs_services  = ["onus-dev-auth-serve"]
    load_balancer = "app/onus-dev/0123456789abcdef"
    api_id        = "abc123"
    database      = "onus-dev"
    queues        = ["onus-dev-audit.fifo"]
    alarm_arns    = ["arn:aws:cloudwatch:eu-central-1:123456789012:alarm:onus-dev-other"]
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) == 12
    error_message = "Alarms and eleven graphs."
  }
  assert {
    condition     = contains(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets[0].properties.alarms, "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:onus-dev-other")
    error_message = "The other modules' alarms stand there too."
  }
}

run "small" {
  command = plan

  variables {
    trail         = false
    budget_usd    = 0
    billing_alarm = true
  }
  state_key = "small"

  assert {
    condition     = length(aws_cloudtrail.this) + length(aws_s3_bucket.trail) + length(aws_budgets_budget.this) + length(aws_cloudwatch_metric_alarm.billing) == 0
    error_message = "Each of them can be switched off."
  }
  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) == 3
    error_message = "Without the others' names only what stands in the logs is drawn."
  }
}

run "bad_settings" {
  command = plan

  variables {
    alarm_email          = "nobody"
    log_days             = 2
    max_errors           = 0
    max_refused_sign_ins = 0
    trail_days           = 1
    budget_usd           = -1
  }

  expect_failures = [var.alarm_email, var.log_days, var.max_errors, var.max_refused_sign_ins, var.trail_days, var.budget_usd]
}
