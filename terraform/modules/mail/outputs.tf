output "channel" {
  description = "The setting mail.channel of notify-service: ses, or mailbox where no sender is set up."
  value       = local.enabled ? "ses" : "mailbox"
}

output "from" {
  description = "The setting mail.from of notify-service."
  value       = local.from
}

output "identity_arn" {
  description = "The identity that notify-service may send as; null where no sender is set up."
  value       = one(aws_sesv2_email_identity.this[*].arn)
}

output "configuration_set_name" {
  description = "The setting ses.configuration_set of notify-service; null where no sender is set up."
  value       = one(aws_sesv2_configuration_set.this[*].configuration_set_name)
}

output "configuration_set_arn" {
  description = "The configuration set that notify-service may use; null where no sender is set up."
  value       = one(aws_sesv2_configuration_set.this[*].arn)
}

output "feedback_queue" {
  description = "What became of mails, as SES tells it: arn, url, name of a standard queue; null where no sender is set up."
  value       = one([for queue in aws_sqs_queue.feedback : { arn = queue.arn, url = queue.url, name = queue.name }])
}

output "feedback_topic_arn" {
  description = "The topic behind the configuration set; null where no sender is set up."
  value       = one(aws_sns_topic.feedback[*].arn)
}

output "dns_records" {
  description = "Records of DKIM, SPF and DMARC: they are there already where zone_id is given."
  value       = local.records
}

output "alarm_arns" {
  description = "Alarms, for a dashboard."
  value       = [for alarm in aws_cloudwatch_metric_alarm.this : alarm.arn]
}
