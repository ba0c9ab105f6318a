output "queues" {
  description = "The queues by consumer: arn, url, name."
  value       = { for consumer, queue in aws_sqs_queue.this : consumer => { arn = queue.arn, url = queue.url, name = queue.name } }
}

output "dead_letter_queues" {
  description = "The dead-letter queues by consumer: arn, url, name."
  value       = { for consumer, queue in aws_sqs_queue.dead : consumer => { arn = queue.arn, url = queue.url, name = queue.name } }
}

output "prefix" {
  description = "The setting bus.sqs.prefix of every service."
  value       = "${var.name}-"
}

output "alarm_names" {
  description = "Alarms by name."
  value       = [for alarm in local.alarms : alarm.alarm_name]
}

output "alarm_arns" {
  description = "Alarms, for a dashboard."
  value       = [for alarm in local.alarms : alarm.arn]
}
