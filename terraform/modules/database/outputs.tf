output "endpoint" {
  description = "The host to write to and read from."
  value       = aws_rds_cluster.this.endpoint
}

output "port" {
  description = "The port."
  value       = aws_rds_cluster.this.port
}

output "database_name" {
  description = "The database with the schemas of all services."
  value       = aws_rds_cluster.this.database_name
}

output "master_username" {
  description = "Who may make schemas and roles: only the one-off migration tasks."
  value       = aws_rds_cluster.this.master_username
}

output "master_secret_arn" {
  description = "The secret with the master's user name and password (JSON: username, password). RDS makes it and rotates it every seven days."
  value       = aws_rds_cluster.this.master_user_secret[0].secret_arn
}

output "cluster_identifier" {
  description = "The cluster's name, such as the metrics' dimension has it."
  value       = aws_rds_cluster.this.cluster_identifier
}

output "cluster_arn" {
  description = "The cluster's ARN."
  value       = aws_rds_cluster.this.arn
}

output "cluster_resource_id" {
  description = "What `rds-db:connect` is allowed for, where roles sign in by IAM."
  value       = aws_rds_cluster.this.cluster_resource_id
}

output "log_group_names" {
  description = "Log groups that Aurora writes to."
  value       = [for group in aws_cloudwatch_log_group.this : group.name]
}

output "alarm_arns" {
  description = "Alarms, for a dashboard."
  value       = [for alarm in aws_cloudwatch_metric_alarm.this : alarm.arn]
}
