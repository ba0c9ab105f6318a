# Nothing here reaches AWS: values that it would compute are made up.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
  mock_data "aws_vpc_endpoint_service" {
    defaults = { vpc_endpoint_policy_supported = true }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/onus-dev-flow-logs" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:123456789012:log-group:/onus-dev/flow" }
  }
}

variables {
  name        = "onus-dev"
  region      = "eu-central-1"
  log_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}

run "nothing_leads_in_or_out" {
  assert {
    condition     = length(aws_subnet.private) == 2 && length(aws_subnet.egress) == 2 && length(aws_subnet.database) == 2
    error_message = "Each kind of subnet is in both zones."
  }
  assert {
    condition     = length(aws_internet_gateway.this) + length(aws_nat_gateway.this) + length(aws_subnet.public) + length(aws_route.egress) == 0
    error_message = "Without the switch there is no internet gateway, NAT, public subnet or route out."
  }
  assert {
    condition     = length(distinct([for subnet in concat(values(aws_subnet.private), values(aws_subnet.egress), values(aws_subnet.database)) : subnet.cidr_block])) == 6
    error_message = "Subnets do not overlap."
  }
  assert {
    condition     = alltrue([for subnet in concat(values(aws_subnet.private), values(aws_subnet.egress), values(aws_subnet.database)) : subnet.map_public_ip_on_launch == false])
    error_message = "No subnet gives out public addresses."
  }
}

run "security_groups_name_each_other" {
  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.flow : rule.cidr_ipv4 == null && rule.cidr_ipv6 == null && rule.referenced_security_group_id != null])
    error_message = "No way in names an address."
  }
  assert {
    condition     = length(aws_vpc_security_group_egress_rule.egress) == 0 && alltrue([for rule in aws_vpc_security_group_egress_rule.flow : rule.cidr_ipv4 == null])
    error_message = "Without the switch no way out names an address."
  }
  assert {
    condition     = length(aws_default_security_group.none.ingress) + length(aws_default_security_group.none.egress) == 0
    error_message = "The group that AWS makes has no rules."
  }
  assert {
    condition     = [for flow in values(local.flows) : flow.ports if flow.to == "load_balancer" && flow.from == "vpc_link"] == [[8081, 8084]]
    error_message = "API Gateway reaches the public ports and no internal one."
  }
  assert {
    condition     = [for flow in values(local.flows) : flow.from if flow.to == "database"] == ["services"]
    error_message = "Only the services reach the database."
  }
  assert {
    condition     = alltrue([for text in concat(values(local.groups), [for flow in values(local.flows) : flow.why]) : can(regex("^[a-zA-Z0-9 ._:/()#,@+=&;{}!$*-]*$", text))])
    error_message = "EC2 takes only some characters in descriptions."
  }
}

run "endpoints" {
  assert {
    condition     = output.endpoint_services == tolist(["ecr.api", "ecr.dkr", "email", "logs", "secretsmanager", "sqs"])
    error_message = "Private tasks need these six, and no more of them cost money."
  }
  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.interface : length(endpoint.subnet_ids) == 1 && endpoint.private_dns_enabled])
    error_message = "One zone by default, under the services' usual names."
  }
  assert {
    condition = alltrue([for endpoint in aws_vpc_endpoint.interface : alltrue([
      for statement in jsondecode(endpoint.policy).Statement :
      try(statement.Condition.StringEquals["aws:PrincipalAccount"], "") == "123456789012" && !contains(statement.Action, "*") && alltrue([for action in statement.Action : !endswith(action, ":*")])
    ])])
    error_message = "Every endpoint lets only this account's roles do named actions."
  }
  assert {
    condition     = alltrue([for service in ["logs", "secretsmanager", "sqs", "email"] : !contains(jsondecode(aws_vpc_endpoint.interface[service].policy).Statement[0].Resource, "*")])
    error_message = "Where resources have names, the policy names them."
  }
  assert {
    condition     = contains(jsondecode(aws_vpc_endpoint.s3.policy).Statement[0].Resource, "arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/*")
    error_message = "Without ECR's layer bucket no image can be pulled."
  }
  assert {
    condition     = jsondecode(aws_vpc_endpoint.s3.policy).Statement[1].Condition.StringEquals["aws:ResourceAccount"] == "123456789012"
    error_message = "Beside it only buckets of this account can be reached."
  }
  assert {
    condition     = aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway" && length(aws_vpc_endpoint.s3.route_table_ids) == 3
    error_message = "Every route table of tasks leads to S3."
  }
}

run "no_policy_where_aws_takes_none" {
  # A policy that was there would stay in the state.
  state_key = "no_policy"

  override_data {
    target = data.aws_vpc_endpoint_service.interface["email"]
    values = { vpc_endpoint_policy_supported = false }
  }

  assert {
    condition     = !strcontains(aws_vpc_endpoint.interface["email"].policy, "ses:") && strcontains(aws_vpc_endpoint.interface["sqs"].policy, "sqs:")
    error_message = "One that knows no policies is left without, the others keep theirs."
  }
}

run "flow_logs" {
  assert {
    condition     = aws_cloudwatch_log_group.flow.kms_key_id == var.log_key_arn && aws_cloudwatch_log_group.flow.retention_in_days == 30
    error_message = "Encrypted, and not for ever."
  }
  assert {
    condition     = jsondecode(aws_iam_role.flow.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "Only for flow logs of this account."
  }
  assert {
    condition     = aws_flow_log.this.traffic_type == "ALL"
    error_message = "All connections by default."
  }
}

run "a_way_out_by_switch" {
  variables {
    egress       = true
    zones        = 3
    nat_gateways = 1
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_subnet.public) == 1 && length(aws_route.egress) == 3
    error_message = "One gateway serves all three zones."
  }
  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_egress_rule.egress : rule.from_port == 443 && rule.to_port == 443]) && length(aws_vpc_security_group_egress_rule.egress) == 1
    error_message = "Out means HTTPS."
  }
  assert {
    condition     = output.security_groups.egress != null
    error_message = "Auth and notify wear a group of their own for it."
  }
  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.flow : rule.cidr_ipv4 == null])
    error_message = "A way out is no way in."
  }
}

run "ec2_and_tracing_by_switch" {
  variables {
    container_instances = true
    session_manager     = true
    xray                = true
    endpoint_zones      = 2
  }

  assert {
    condition     = length(setsubtract(["ecs", "ecs-agent", "ecs-telemetry", "ssmmessages", "xray"], output.endpoint_services)) == 0
    error_message = "EC2 instances without a way out need ECS's endpoints; ECS Exec and traces theirs."
  }
  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.interface : length(endpoint.subnet_ids) == 2])
    error_message = "In two zones each."
  }
  assert {
    condition     = output.security_groups.instances != null
    error_message = "Instances have a group of their own."
  }
}

run "too_few_zones" {
  command = plan

  variables { zones = 3 }
  override_data {
    target = data.aws_availability_zones.these
    values = { names = ["eu-central-1a", "eu-central-1b"] }
  }

  expect_failures = [aws_vpc.this]
}

run "bad_settings" {
  command = plan

  variables {
    cidr           = "10.0.0.0/24"
    zones          = 1
    endpoint_zones = 0
    flow_logs      = "NONE"
    name           = "Onus"
    region         = "Frankfurt"
  }

  expect_failures = [var.cidr, var.zones, var.endpoint_zones, var.flow_logs, var.name, var.region]
}
