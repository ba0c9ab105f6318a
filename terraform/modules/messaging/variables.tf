variable "name" {
  description = "What every name begins with, such as onus-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,23}$", var.name))
    error_message = "The name is 3 to 24 small letters, digits and hyphens, and begins with a letter."
  }
}

variable "consumers" {
  description = "Queues by the consumer's short name. Only where order does not matter may a queue put messages aside in a dead-letter queue: audit and task park poison in a table instead."
  type        = map(object({ dead_letter = bool }))
  default = {
    audit  = { dead_letter = false }
    notify = { dead_letter = true }
    task   = { dead_letter = false }
  }

  validation {
    condition     = alltrue([for consumer in keys(var.consumers) : can(regex("^[a-z][a-z0-9-]{1,30}$", consumer))])
    error_message = "A consumer's name is small letters, digits and hyphens."
  }

  validation {
    condition     = !try(var.consumers["audit"].dead_letter, false)
    error_message = "The audit log needs order: a dead-letter queue would break it."
  }
}

variable "producers" {
  description = "ARNs of the roles that send to each queue, by consumer."
  type        = map(list(string))
  default     = {}
}

variable "receivers" {
  description = "ARNs of the roles that receive from each queue, by consumer."
  type        = map(list(string))
  default     = {}
}

variable "operators" {
  description = "ARNs of roles that may touch messages by hand, such as somebody looking into a dead-letter queue."
  type        = list(string)
  default     = []
}

variable "max_receives" {
  description = "Receives after which a message goes to the dead-letter queue. High, because outages are received again too: at one a minute, 200 are more than three hours."
  type        = number
  default     = 200

  validation {
    condition     = var.max_receives >= 50 && var.max_receives <= 1000
    error_message = "50 to 1000."
  }
}

variable "visibility_seconds" {
  description = "Seconds that a received message is hidden unless its consumer says otherwise (bus.consumer.visibility_ms does)."
  type        = number
  default     = 30

  validation {
    condition     = var.visibility_seconds >= 5 && var.visibility_seconds <= 43200
    error_message = "5 to 43200 seconds."
  }
}

variable "max_age_seconds" {
  description = "Age of the oldest message from which an alarm goes off."
  type        = number
  default     = 300

  validation {
    condition     = var.max_age_seconds >= 60
    error_message = "A minute at least."
  }
}

variable "max_depth" {
  description = "Messages waiting from which an alarm goes off."
  type        = number
  default     = 10000

  validation {
    condition     = var.max_depth >= 1
    error_message = "One at least."
  }
}

variable "alarm_topic_arn" {
  description = "The SNS topic that alarms and their all-clear go to (observability.alarm_topic_arn)."
  type        = string
}

