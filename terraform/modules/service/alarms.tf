# What a canary is judged by. The alarms watch both target groups, so they count also when nobody deploys.

locals {
  canary_alarms = concat([aws_cloudwatch_metric_alarm.errors], aws_cloudwatch_metric_alarm.slow[*])
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${local.full_name}-5xx"
  alarm_description   = "${var.service}-service answers requests with 5xx. During a canary this takes the new version back."
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.canary.max_5xx
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]

  metric_query {
    id          = "both"
    label       = "5xx a minute"
    expression  = "FILL(blue, 0) + FILL(green, 0)"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.target_groups

    content {
      id          = metric_query.key
      return_data = false

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = "HTTPCode_Target_5XX_Count"
        stat        = "Sum"
        period      = 60
        dimensions = {
          LoadBalancer = var.load_balancer
          TargetGroup  = metric_query.value
        }
      }
    }
  }
}

# Each group for itself: a slow canary must not hide behind the many fast requests of the old version.
resource "aws_cloudwatch_metric_alarm" "slow" {
  count = var.canary.max_p99_seconds == null ? 0 : 1

  alarm_name          = "${local.full_name}-slow"
  alarm_description   = "One request to ${var.service}-service in a hundred takes too long. During a canary this takes the new version back."
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.canary.max_p99_seconds
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]

  metric_query {
    id          = "slowest"
    label       = "p99 in seconds"
    expression  = "IF(FILL(blue, 0) > FILL(green, 0), FILL(blue, 0), FILL(green, 0))"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.target_groups

    content {
      id          = metric_query.key
      return_data = false

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = "TargetResponseTime"
        stat        = "p99"
        period      = 60
        dimensions = {
          LoadBalancer = var.load_balancer
          TargetGroup  = metric_query.value
        }
      }
    }
  }
}
