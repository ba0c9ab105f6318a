# SES → topic → queue.

resource "aws_sns_topic" "feedback" {
  count = local.enabled ? 1 : 0

  name              = "${var.name}-mail-feedback"
  kms_master_key_id = var.key_arn
}

resource "aws_sns_topic_policy" "feedback" {
  count = local.enabled ? 1 : 0

  arn = aws_sns_topic.feedback[0].arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Feedback"
        Effect    = "Allow"
        Principal = { Service = "ses.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.feedback[0].arn
        Condition = { StringEquals = {
          "aws:SourceAccount" = data.aws_caller_identity.current.account_id
          "aws:SourceArn"     = aws_sesv2_configuration_set.this[0].arn
        } }
      },
      {
        Sid       = "OnlyEncrypted"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.feedback[0].arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_sqs_queue" "feedback" {
  count = local.enabled ? 1 : 0

  name                      = "${var.name}-mail-feedback"
  message_retention_seconds = 1209600
  receive_wait_time_seconds = 20
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_policy" "feedback" {
  count = local.enabled ? 1 : 0

  queue_url = aws_sqs_queue.feedback[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "FromTheTopic"
        Effect    = "Allow"
        Principal = { Service = "sns.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.feedback[0].arn
        Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.feedback[0].arn } }
      },
      {
        Sid       = "OnlyEncrypted"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.feedback[0].arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_sns_topic_subscription" "feedback" {
  count = local.enabled ? 1 : 0

  topic_arn            = aws_sns_topic.feedback[0].arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.feedback[0].arn
  raw_message_delivery = true

  depends_on = [aws_sqs_queue_policy.feedback]
}

# AWS looks into an account at 5 % bounces and 0.1 % complaints, and stops its mail at twice and five times as much. The
# queue has no alarm: what nobody has asked for within 14 days goes.
locals {
  reputation = {
    bounces    = { metric = "Reputation.BounceRate", from = 0.04, what = "4 % of the mails bounce: at 5 % AWS looks into it, at 10 % it stops them" }
    complaints = { metric = "Reputation.ComplaintRate", from = 0.0008, what = "0.08 % of the mails are called spam: at 0.1 % AWS looks into it, at 0.5 % it stops them" }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.enabled ? local.reputation : {}

  alarm_name          = "${var.name}-mail-${each.key}"
  alarm_description   = each.value.what
  namespace           = "AWS/SES"
  metric_name         = each.value.metric
  statistic           = "Maximum"
  period              = 3600
  evaluation_periods  = 1
  threshold           = each.value.from
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
}
