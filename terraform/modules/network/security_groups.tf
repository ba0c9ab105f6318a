# Who may talk to whom, by reference: no rule names an address, but for the way out by switch. A group without a rule for
# a direction is closed in it. (EC2 takes no apostrophes in descriptions.)
#
#   vpc_link ──▶ load_balancer ──▶ services ──▶ database, endpoints, S3
#                     ▲                │
#                     └────────────────┘   keys and events of other services
#
# Public ports are 8081 to 8084, internal ones 9081 (auth-service) and 9082 (task-service).

locals {
  groups = merge(
    {
      load_balancer = "The internal load balancer"
      vpc_link      = "Interfaces of API Gateway"
      services      = "All tasks of the services"
      database      = "Aurora"
      endpoints     = "Interface endpoints of AWS services"
    },
    var.egress ? { egress = "The way out of auth-service and notify-service" } : {},
    var.container_instances ? { instances = "EC2 container instances" } : {},
  )

  # Every pair is a way out of the first group and a way into the second.
  flows = merge(
    {
      link_to_load_balancer      = { from = "vpc_link", to = "load_balancer", ports = [8081, 8084], why = "The API" }
      services_to_keys           = { from = "services", to = "load_balancer", ports = [8081, 8081], why = "Public keys of auth-service" }
      services_to_internal       = { from = "services", to = "load_balancer", ports = [9081, 9082], why = "Internal routes" }
      load_balancer_to_services  = { from = "load_balancer", to = "services", ports = [8081, 8084], why = "The API" }
      load_balancer_to_producers = { from = "load_balancer", to = "services", ports = [9081, 9082], why = "Internal routes" }
      services_to_database       = { from = "services", to = "database", ports = [5432, 5432], why = "PostgreSQL" }
      services_to_endpoints      = { from = "services", to = "endpoints", ports = [443, 443], why = "AWS services" }
    },
    var.container_instances ? {
      instances_to_endpoints = { from = "instances", to = "endpoints", ports = [443, 443], why = "AWS services" }
    } : {},
  )
}

resource "aws_security_group" "this" {
  #checkov:skip=CKV2_AWS_5:The load balancer, VPC link, tasks and database of the other modules wear these groups
  for_each = local.groups

  name_prefix = "${var.name}-${replace(each.key, "_", "-")}-"
  description = each.value
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-${replace(each.key, "_", "-")}" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "flow" {
  for_each = local.flows

  security_group_id            = aws_security_group.this[each.value.to].id
  referenced_security_group_id = aws_security_group.this[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.ports[0]
  to_port                      = each.value.ports[1]
  description                  = each.value.why
}

resource "aws_vpc_security_group_egress_rule" "flow" {
  for_each = local.flows

  security_group_id            = aws_security_group.this[each.value.from].id
  referenced_security_group_id = aws_security_group.this[each.value.to].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.ports[0]
  to_port                      = each.value.ports[1]
  description                  = each.value.why
}

# S3 is reached by its public addresses through the gateway endpoint.
resource "aws_vpc_security_group_egress_rule" "s3" {
  for_each = toset(var.container_instances ? ["services", "instances"] : ["services"])

  security_group_id = aws_security_group.this[each.key].id
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  description       = "S3: image layers, and the bucket of the web app"
}

resource "aws_vpc_security_group_egress_rule" "egress" {
  for_each = var.egress ? { for port in var.egress_ports : tostring(port) => port } : {}

  security_group_id = aws_security_group.this["egress"].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
  description       = "External sign-in, webhooks, other mail servers"
}
