variable "name" {
  description = "What every name begins with, such as onus-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,23}$", var.name))
    error_message = "The name is 3 to 24 small letters, digits and hyphens, and begins with a letter."
  }
}

variable "subnet_ids" {
  description = "Subnets of the database (network.database_subnet_ids)."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "Aurora wants subnets in two zones at least."
  }
}

variable "security_group_id" {
  description = "The database's security group (network.security_groups.database)."
  type        = string
}

variable "engine_version" {
  description = "PostgreSQL's major version. AWS chooses the minor one, and raises it in the maintenance window."
  type        = string
  default     = "17"

  validation {
    condition     = contains(["16", "17"], var.engine_version)
    error_message = "16 or 17: earlier ones are not tested, and some of them cannot pause."
  }
}

variable "min_capacity" {
  description = "Least capacity in ACUs (2 GiB each). With 0 the database pauses, but only without any connection, so not before the services are scaled to zero: their pools and pollers keep it awake."
  type        = number
  default     = 0.5

  validation {
    condition     = var.min_capacity >= 0 && var.min_capacity <= 256 && var.min_capacity * 2 == floor(var.min_capacity * 2)
    error_message = "0 to 256, in halves."
  }
}

variable "max_capacity" {
  description = "Most capacity in ACUs. It also decides how many connections there may be."
  type        = number
  default     = 4

  validation {
    condition     = var.max_capacity >= 1 && var.max_capacity <= 256 && var.max_capacity * 2 == floor(var.max_capacity * 2) && var.max_capacity >= var.min_capacity
    error_message = "1 to 256, in halves, and no less than min_capacity."
  }
}

variable "pause_after_seconds" {
  description = "Seconds without a connection after which the database pauses. Only read with min_capacity 0."
  type        = number
  default     = 600

  validation {
    condition     = var.pause_after_seconds >= 300 && var.pause_after_seconds <= 86400
    error_message = "300 to 86400 seconds."
  }
}

variable "instances" {
  description = "Instances in as many zones. With one, the failure of a zone means minutes without a database; with two, some seconds."
  type        = number
  default     = 1

  validation {
    condition     = var.instances >= 1 && var.instances <= 3
    error_message = "One to three."
  }
}

variable "deletion_protection" {
  description = "Refuse to delete the cluster, and take a last snapshot when it is deleted after all. False is for environments that come and go."
  type        = bool
  default     = true
}

variable "backup_days" {
  description = "Days to which the database can be restored at any second."
  type        = number
  default     = 7

  validation {
    condition     = var.backup_days >= 1 && var.backup_days <= 35
    error_message = "1 to 35 days."
  }
}

variable "backup_window" {
  description = "When the daily snapshot is taken (UTC)."
  type        = string
  default     = "17:00-18:00"

  validation {
    condition     = can(regex("^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$", var.backup_window))
    error_message = "Such as 17:00-18:00."
  }
}

variable "maintenance_window" {
  description = "When AWS may patch (UTC). It must not touch the backup window."
  type        = string
  default     = "sun:18:30-sun:19:30"

  validation {
    condition     = can(regex("^(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]$", var.maintenance_window))
    error_message = "Such as sun:18:30-sun:19:30."
  }
}

variable "apply_immediately" {
  description = "Make changes that interrupt at once, instead of in the maintenance window."
  type        = bool
  default     = false
}

variable "slow_query_ms" {
  description = "Milliseconds from which a statement is logged, without its values."
  type        = number
  default     = 500

  validation {
    condition     = var.slow_query_ms >= 10
    error_message = "10 ms at least: 0 would log every statement, and -1 none."
  }
}

variable "key_arn" {
  description = "A KMS key for storage, snapshots and the master secret. Without one, AWS's own keys, which cost nothing and cannot be shared with another account."
  type        = string
  default     = null
}

variable "snapshot_identifier" {
  description = "A snapshot to begin from, for a restore into a new cluster."
  type        = string
  default     = null
}

variable "monitoring_seconds" {
  description = "Seconds between measurements of the operating system; 0 switches them off."
  type        = number
  default     = 60

  validation {
    condition     = contains([0, 1, 5, 10, 15, 30, 60], var.monitoring_seconds)
    error_message = "0, 1, 5, 10, 15, 30 or 60."
  }
}

variable "max_connections" {
  description = "Connections from which an alarm goes off: the pools of all tasks together stay well below."
  type        = number
  default     = 150

  validation {
    condition     = var.max_connections > 0
    error_message = "More than none."
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

variable "alarm_topic_arn" {
  description = "The SNS topic that alarms and their all-clear go to (observability.alarm_topic_arn)."
  type        = string
}

