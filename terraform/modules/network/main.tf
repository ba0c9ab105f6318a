# The VPC: three kinds of subnets in every zone, and public ones only where somebody needs a way out.
#
#   private   load balancer, VPC link, endpoints, task-service, audit-service, one-off tasks
#   egress    auth-service and notify-service. They are there from the beginning, so that the switch moves no task
#   database  Aurora
#   public    the NAT gateways, nothing else

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

# By name, and the first of them: a zone that AWS adds comes last, and one that is in trouble stays in the list, so neither
# moves a subnet.
data "aws_availability_zones" "these" {
  #checkov:skip=CKV_AWS_394:Only the first zones are taken, and new ones come last
  exclude_zone_ids = var.excluded_zone_ids

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  account = data.aws_caller_identity.current.account_id
  zones   = slice(data.aws_availability_zones.these.names, 0, min(var.zones, length(data.aws_availability_zones.these.names)))
  # The place of each zone, so that a subnet's addresses do not depend on how many zones there are.
  zone_number = { for number, zone in local.zones : zone => number }
  nat_zones   = var.egress ? slice(local.zones, 0, min(var.nat_gateways, length(local.zones))) : []
}

resource "aws_vpc" "this" {
  cidr_block = var.cidr
  # Both are needed for the private names of interface endpoints.
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = var.name }

  lifecycle {
    precondition {
      condition     = length(local.zones) == var.zones
      error_message = "The region has fewer usable zones than `zones` asks for."
    }
  }
}

# The group that AWS makes lets its members talk to each other. Nobody uses it; without rules nobody can by mistake.
resource "aws_default_security_group" "none" {
  vpc_id  = aws_vpc.this.id
  ingress = []
  egress  = []
}

resource "aws_subnet" "private" {
  for_each = local.zone_number

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = cidrsubnet(var.cidr, 4, each.value)
  map_public_ip_on_launch = false

  tags = { Name = "${var.name}-private-${each.key}" }
}

resource "aws_subnet" "egress" {
  for_each = local.zone_number

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = cidrsubnet(var.cidr, 4, 4 + each.value)
  map_public_ip_on_launch = false

  tags = { Name = "${var.name}-egress-${each.key}" }
}

resource "aws_subnet" "database" {
  for_each = local.zone_number

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = cidrsubnet(var.cidr, 4, 8 + each.value)
  map_public_ip_on_launch = false

  tags = { Name = "${var.name}-database-${each.key}" }
}

# One table for all private subnets: it holds no route but the VPC's own and S3's.
resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-private" }
}

resource "aws_route_table_association" "private" {
  for_each = aws_subnet.private

  subnet_id      = each.value.id
  route_table_id = aws_route_table.private.id
}

# The database needs not even S3.
resource "aws_route_table" "database" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-database" }
}

resource "aws_route_table_association" "database" {
  for_each = aws_subnet.database

  subnet_id      = each.value.id
  route_table_id = aws_route_table.database.id
}

resource "aws_route_table" "egress" {
  for_each = local.zone_number

  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-egress-${each.key}" }
}

resource "aws_route_table_association" "egress" {
  for_each = aws_subnet.egress

  subnet_id      = each.value.id
  route_table_id = aws_route_table.egress[each.key].id
}
