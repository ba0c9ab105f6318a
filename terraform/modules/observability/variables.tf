variable "name" {
  description = "What every name begins with, such as onus-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,23}$", var.name))
    error_message = "The name is 3 to 24 small letters, digits and hyphens, and begins with a letter."
  }
}

variable "region" {
  description = "The region, for the dashboard and the key's policy."
  type        = string
}

variable "alarm_email" {
  description = "Who is told of alarms and of costs. AWS sends a mail there first, which has to be confirmed."
  type        = string

  validation {
    condition     = can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", var.alarm_email))
    error_message = "An address, such as ops@example.com."
  }
}

variable "services" {
  description = "Services by short name: each gets a log group, a count of its errors and an alarm on them."
  type        = set(string)
  default     = ["auth", "task", "audit", "notify"]
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

variable "max_errors" {
  description = "Errors of one service within five minutes from which an alarm goes off."
  type        = number
  default     = 3

  validation {
    condition     = var.max_errors >= 1
    error_message = "One at least."
  }
}

variable "max_refused_sign_ins" {
  description = "Refused sign-ins within five minutes from which an alarm goes off: somebody tries passwords."
  type        = number
  default     = 50

  validation {
    condition     = var.max_refused_sign_ins >= 1
    error_message = "One at least."
  }
}

variable "trail" {
  description = "Write down who did what in this account (CloudTrail). Off where the organisation has a trail already; a second one costs."
  type        = bool
  default     = true
}

variable "trail_days" {
  description = "Days that the trail is kept."
  type        = number
  default     = 365

  validation {
    condition     = var.trail_days >= 30
    error_message = "Thirty days at least."
  }
}

variable "trail_bucket_arns" {
  description = "Buckets of which every read and write of an object is written down. Empty: all buckets of the account but the trail's own."
  type        = list(string)
  default     = []
}

variable "deletable" {
  description = "Let `terraform destroy` delete the trail's bucket with what is in it."
  type        = bool
  default     = false
}

variable "budget_usd" {
  description = "US dollars a month that the account may cost: a mail at 80 %, at 100 %, and when 100 % are foreseen. 0 switches the budget off."
  type        = number
  default     = 150

  validation {
    condition     = var.budget_usd >= 0
    error_message = "No less than 0."
  }
}

variable "billing_alarm" {
  description = "A CloudWatch alarm on the account's bill beside the budget. It needs «receive billing alerts» in the account's billing preferences, which no API sets."
  type        = bool
  default     = true
}

variable "cluster_name" {
  description = "The ECS cluster, for the dashboard."
  type        = string
  default     = null
}

variable "ecs_services" {
  description = "Names of the ECS services, for the dashboard."
  type        = list(string)
  default     = []
}

variable "load_balancer" {
  description = "The load balancer as its metrics name it (arn_suffix), for the dashboard."
  type        = string
  default     = null
}

variable "api_id" {
  description = "The HTTP API, for the dashboard."
  type        = string
  default     = null
}

variable "database" {
  description = "The database cluster's name, for the dashboard."
  type        = string
  default     = null
}

variable "queues" {
  description = "Names of the queues, for the dashboard."
  type        = list(string)
  default     = []
}

variable "alarm_arns" {
  description = "Alarms of the other modules, for the dashboard."
  type        = list(string)
  default     = []
}
