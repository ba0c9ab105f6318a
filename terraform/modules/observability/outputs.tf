output "key_arn" {
  description = "The KMS key of log groups, of topics that AWS services publish to, and of the trail."
  value       = aws_kms_key.this.arn

  # Who uses the key needs its policy to be there.
  depends_on = [aws_kms_key_policy.this]
}

output "alarm_topic_arn" {
  description = "The SNS topic that alarms go to."
  value       = aws_sns_topic.alarms.arn

  depends_on = [aws_sns_topic_policy.alarms]
}

output "log_groups" {
  description = "The services' log groups by short name: name, arn."
  value       = { for service, group in aws_cloudwatch_log_group.service : service => { name = group.name, arn = group.arn } }
}

output "metric_namespace" {
  description = "Where the counts from logs are."
  value       = local.namespace
}

output "alarm_arns" {
  description = "The alarms of this module."
  value       = local.own_alarm_arns
}

output "dashboard_url" {
  description = "The dashboard."
  value       = "https://${var.region}.console.aws.amazon.com/cloudwatch/home?region=${var.region}#dashboards/dashboard/${var.name}"
}

output "trail_bucket" {
  description = "The bucket of the trail; null where it is off."
  value       = one(aws_s3_bucket.trail[*].bucket)
}
