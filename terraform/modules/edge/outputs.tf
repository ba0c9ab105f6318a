output "load_balancer" {
  description = "The load balancer as its metrics name it (arn_suffix)."
  value       = aws_lb.this.arn_suffix
}

output "internal_url" {
  description = "How services reach the load balancer: scheme and host. A port follows."
  value       = "${local.scheme}://${local.host}"
}

output "public_rule_arns" {
  description = "The listener rules whose weights ECS moves, by service."
  value       = { for service, rule in aws_lb_listener_rule.service : service => rule.arn }
}

output "internal_rule_arns" {
  description = "The listener rules of internal routes, by service."
  value       = { for service, rule in aws_lb_listener_rule.internal : service => rule.arn }
}

output "api_id" {
  description = "The HTTP API."
  value       = aws_apigatewayv2_api.this.id
}

output "api_host" {
  description = "The host that CloudFront sends API requests to."
  value       = local.tls ? local.api_name : replace(aws_apigatewayv2_api.this.api_endpoint, "https://", "")
}

output "access_log_group" {
  description = "The log group with the API's requests."
  value       = aws_cloudwatch_log_group.api.name
}

output "log_bucket" {
  description = "The bucket with the load balancer's requests."
  value       = aws_s3_bucket.logs.bucket
}

output "alarm_arns" {
  description = "Alarms, for a dashboard."
  value       = [aws_cloudwatch_metric_alarm.errors.arn]
}
