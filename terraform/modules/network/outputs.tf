output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "vpc_cidr" {
  description = "The addresses of the VPC."
  value       = aws_vpc.this.cidr_block
}

output "private_subnet_ids" {
  description = "Subnets without a way out, one a zone: load balancer, VPC link, task-service, audit-service, one-off tasks."
  value       = [for zone in local.zones : aws_subnet.private[zone].id]
}

output "egress_subnet_ids" {
  description = "Subnets of auth-service and notify-service, one a zone. With `egress` they lead to a NAT gateway, without it they are as private as the others."
  value       = [for zone in local.zones : aws_subnet.egress[zone].id]
}

output "database_subnet_ids" {
  description = "Subnets of the database, one a zone. No route leads out of the VPC."
  value       = [for zone in local.zones : aws_subnet.database[zone].id]
}

output "security_groups" {
  description = "Ids of the security groups: load_balancer, vpc_link, services, database, endpoints. Also egress (beside services, for auth and notify) and instances (of EC2), null where switched off."
  value = {
    load_balancer = aws_security_group.this["load_balancer"].id
    vpc_link      = aws_security_group.this["vpc_link"].id
    services      = aws_security_group.this["services"].id
    database      = aws_security_group.this["database"].id
    endpoints     = aws_security_group.this["endpoints"].id
    egress        = try(aws_security_group.this["egress"].id, null)
    instances     = try(aws_security_group.this["instances"].id, null)
  }
}

output "flow_log_group" {
  description = "The log group with the VPC's connections."
  value       = aws_cloudwatch_log_group.flow.name
}

output "endpoint_services" {
  description = "The interface endpoints there are, by the short name of their service."
  value       = sort(keys(aws_vpc_endpoint.interface))
}
