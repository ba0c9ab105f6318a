output "target_groups" {
  description = "Target groups for the listener rules: blue and green of `serve`, and internal of `work` (null without internal_target)."
  value = {
    blue     = aws_lb_target_group.serve["blue"].arn
    green    = aws_lb_target_group.serve["green"].arn
    internal = one(aws_lb_target_group.internal[*].arn)
  }
}

output "names" {
  description = "Names of the ECS services and of the task definitions' families, by kind."
  value       = { for kind in keys(local.kinds) : kind => "${local.full_name}-${kind}" }
}

output "task_role_arns" {
  description = "The roles of the programs, by kind."
  value       = { for kind, role in aws_iam_role.task : kind => role.arn }
}

output "execution_role_arns" {
  description = "The roles with which ECS starts tasks: service (serve and work) and migrate."
  value       = { for kind, role in aws_iam_role.execution : kind => role.arn }
}

output "alarm_arns" {
  description = "The alarms that judge a canary."
  value       = [for alarm in local.canary_alarms : alarm.arn]
}

output "running" {
  description = "Whether there is an image, and so services."
  value       = var.image != null
}
