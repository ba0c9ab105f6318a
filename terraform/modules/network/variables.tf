variable "name" {
  description = "What every name begins with, such as onus-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,23}$", var.name))
    error_message = "The name is 3 to 24 small letters, digits and hyphens, and begins with a letter."
  }
}

variable "region" {
  description = "The region, for the names of endpoints and in their policies."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region looks like eu-central-1."
  }
}

variable "cidr" {
  description = "The addresses of the VPC: a /16 of a private range. Twelve subnets of 4,096 addresses are cut from it."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && endswith(var.cidr, "/16")
    error_message = "The range is a /16, such as 10.20.0.0/16."
  }
}

variable "zones" {
  description = "Availability zones to spread over. The load balancer and Aurora want two."
  type        = number
  default     = 2

  validation {
    condition     = contains([2, 3], var.zones)
    error_message = "Two or three zones."
  }
}

variable "excluded_zone_ids" {
  description = "Zones not to use, by id: there API Gateway has no VPC links, or SES no endpoint."
  type        = list(string)
  default = [
    "use1-az2", "use1-az3", "use1-az5", "usw1-az2", "usw2-az4",
    "ape1-az1", "apne1-az3", "apne2-az4", "cac1-az3", "cac1-az4",
  ]
}

variable "endpoint_zones" {
  description = "Zones with an interface endpoint each. One halves their price; while that zone is down, nothing reaches AWS's services."
  type        = number
  default     = 1

  validation {
    condition     = var.endpoint_zones >= 1 && var.endpoint_zones <= 3
    error_message = "One to three zones."
  }
}

variable "egress" {
  description = "Give the subnets of auth-service and notify-service a way out through NAT: for external sign-in, webhooks and other mail servers."
  type        = bool
  default     = false
}

variable "egress_ports" {
  description = "TCP ports that auth-service and notify-service may reach outside. Only read with egress."
  type        = set(number)
  default     = [443]

  validation {
    condition     = alltrue([for port in var.egress_ports : port > 0 && port < 65536 && port == floor(port)])
    error_message = "A port is a whole number from 1 to 65535."
  }
}

variable "nat_gateways" {
  description = "NAT gateways, in as many zones. Only read with egress."
  type        = number
  default     = 1

  validation {
    condition     = var.nat_gateways >= 1 && var.nat_gateways <= 3
    error_message = "One to three NAT gateways."
  }
}

variable "session_manager" {
  description = "An endpoint for ECS Exec (ssmmessages)."
  type        = bool
  default     = false
}

variable "xray" {
  description = "An endpoint for traces (xray)."
  type        = bool
  default     = false
}

variable "container_instances" {
  description = "Endpoints and a security group for EC2 container instances; Fargate needs neither."
  type        = bool
  default     = false
}

variable "flow_logs" {
  description = "Which connections are written down: ALL, REJECT or ACCEPT."
  type        = string
  default     = "ALL"

  validation {
    condition     = contains(["ALL", "REJECT", "ACCEPT"], var.flow_logs)
    error_message = "ALL, REJECT or ACCEPT."
  }
}

variable "log_key_arn" {
  description = "The KMS key that encrypts log groups (observability.key_arn)."
  type        = string
}

variable "log_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096], var.log_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 or 1096 days."
  }
}

