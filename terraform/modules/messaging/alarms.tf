# A queue that grows, or whose oldest message waits: its consumer is down or too slow.

locals {
  alarms = concat(values(aws_cloudwatch_metric_alarm.age), values(aws_cloudwatch_metric_alarm.depth), values(aws_cloudwatch_metric_alarm.dead))
}

resource "aws_cloudwatch_metric_alarm" "age" {
  for_each = aws_sqs_queue.this

  alarm_name          = "${var.name}-${each.key}-age"
  alarm_description   = "The oldest event in the queue of ${each.key}-service has waited for ${var.max_age_seconds} s: is the service working?"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = each.value.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 3
  threshold           = var.max_age_seconds
  comparison_operator = "GreaterThanOrEqualToThreshold"
  # A queue that nobody used for six hours reports nothing.
  treat_missing_data = "notBreaching"
  alarm_actions      = [var.alarm_topic_arn]
  ok_actions         = [var.alarm_topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "depth" {
  for_each = aws_sqs_queue.this

  alarm_name          = "${var.name}-${each.key}-depth"
  alarm_description   = "${var.max_depth} events wait in the queue of ${each.key}-service: more come than it can take"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = each.value.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 2
  threshold           = var.max_depth
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "dead" {
  for_each = aws_sqs_queue.dead

  alarm_name          = "${var.name}-${each.key}-dead"
  alarm_description   = "A message of ${each.key}-service was received ${var.max_receives} times in vain: look into ${each.value.name}"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = each.value.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
}
