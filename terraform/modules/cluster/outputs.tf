output "cluster_arn" {
  description = "The cluster."
  value       = aws_ecs_cluster.this.arn
}

output "cluster_name" {
  description = "The cluster's name."
  value       = aws_ecs_cluster.this.name
}

output "capacity_provider" {
  description = "The capacity provider that tasks run on."
  value       = local.capacity_provider

  # A service can only name a provider that the cluster has.
  depends_on = [aws_ecs_cluster_capacity_providers.this]
}

output "traffic_role_arn" {
  description = "The role with which ECS moves traffic during a canary."
  value       = aws_iam_role.traffic.arn

  # Who uses the role needs its policy to be there.
  depends_on = [aws_iam_role_policy_attachment.traffic]
}

output "exec_log_group" {
  description = "The log group with what was typed into containers: name, arn."
  value       = { name = aws_cloudwatch_log_group.exec.name, arn = aws_cloudwatch_log_group.exec.arn }
}
