variable "name" {
  description = "What every name begins with, such as onus-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,23}$", var.name))
    error_message = "The name is 3 to 24 small letters, digits and hyphens, and begins with a letter."
  }
}

variable "capacity" {
  description = "What tasks run on: FARGATE, FARGATE_SPOT (cheaper, taken away at two minutes' notice) or EC2 (instances of one's own)."
  type        = string
  default     = "FARGATE"

  validation {
    condition     = contains(["FARGATE", "FARGATE_SPOT", "EC2"], var.capacity)
    error_message = "FARGATE, FARGATE_SPOT or EC2."
  }
}

variable "container_insights" {
  description = "Metrics of single tasks, which CloudWatch bills one by one: disabled, enabled or enhanced."
  type        = string
  default     = "enabled"

  validation {
    condition     = contains(["disabled", "enabled", "enhanced"], var.container_insights)
    error_message = "disabled, enabled or enhanced."
  }
}

variable "log_key_arn" {
  description = "The KMS key that encrypts log groups (observability.key_arn)."
  type        = string
}

variable "log_days" {
  description = "Days that logs of ECS Exec are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096], var.log_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 or 1096 days."
  }
}

variable "cpu_architecture" {
  description = "ARM64 or X86_64: decides the image of EC2 instances."
  type        = string
  default     = "ARM64"

  validation {
    condition     = contains(["ARM64", "X86_64"], var.cpu_architecture)
    error_message = "ARM64 or X86_64."
  }
}

variable "subnet_ids" {
  description = "Subnets of the instances. Only read with capacity EC2."
  type        = list(string)
  default     = []

  validation {
    condition     = var.capacity != "EC2" || length(var.subnet_ids) > 0
    error_message = "Capacity EC2 needs subnets."
  }
}

variable "instance_security_group_id" {
  description = "The instances' security group (network.security_groups.instances). Only read with capacity EC2."
  type        = string
  default     = null
}

variable "instance_type" {
  description = "The type of the instances. It must know ENI trunking, or two or three tasks fill an instance: every task has a network interface of its own. Only read with capacity EC2."
  type        = string
  default     = "m7g.large"
}

variable "max_instances" {
  description = "Instances at most; the least is one. Only read with capacity EC2."
  type        = number
  default     = 4

  validation {
    condition     = var.max_instances >= 1 && var.max_instances <= 100
    error_message = "1 to 100."
  }
}
