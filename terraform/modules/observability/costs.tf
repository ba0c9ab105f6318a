# What it costs. The budget is the better of the two: it works everywhere without a preference that only a person can
# set, and it looks ahead. The alarm is quicker (every six hours) and stands with the other alarms.

resource "aws_budgets_budget" "this" {
  count = var.budget_usd > 0 ? 1 : 0

  name         = var.name
  budget_type  = "COST"
  limit_amount = tostring(var.budget_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  dynamic "notification" {
    for_each = [
      { type = "ACTUAL", percent = 80 },
      { type = "ACTUAL", percent = 100 },
      { type = "FORECASTED", percent = 100 },
    ]

    content {
      notification_type          = notification.value.type
      threshold                  = notification.value.percent
      threshold_type             = "PERCENTAGE"
      comparison_operator        = "GREATER_THAN"
      subscriber_email_addresses = [var.alarm_email]
    }
  }
}

locals {
  billing_alarm = var.billing_alarm && var.budget_usd > 0
}

# AWS counts the bill in us-east-1 only, and an alarm needs its topic beside it: neither can be where the rest is.
resource "aws_sns_topic" "billing" {
  #checkov:skip=CKV_AWS_26:The sum of a bill is no secret, and a key of our own in another region would cost more than it guards
  count = local.billing_alarm ? 1 : 0

  region = "us-east-1"
  name   = "${var.name}-billing"
}

resource "aws_sns_topic_subscription" "billing" {
  count = local.billing_alarm ? 1 : 0

  region    = "us-east-1"
  topic_arn = aws_sns_topic.billing[0].arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

resource "aws_cloudwatch_metric_alarm" "billing" {
  count = local.billing_alarm ? 1 : 0

  region              = "us-east-1"
  alarm_name          = "${var.name}-billing"
  alarm_description   = "The account's bill of this month is over ${var.budget_usd} USD"
  namespace           = "AWS/Billing"
  metric_name         = "EstimatedCharges"
  dimensions          = { Currency = "USD" }
  statistic           = "Maximum"
  period              = 21600
  evaluation_periods  = 1
  threshold           = var.budget_usd
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.billing[0].arn]
}
