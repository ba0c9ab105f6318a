variable "repositories" {
  description = "Names of the repositories, one for each image."
  type        = list(string)
  default     = ["onus/auth-service", "onus/task-service", "onus/audit-service", "onus/notify-service", "onus/gateway"]

  validation {
    condition     = length(var.repositories) > 0 && alltrue([for name in var.repositories : can(regex("^[a-z0-9][a-z0-9._/-]{1,255}$", name))])
    error_message = "A repository's name is small letters, digits, and ._/- between them."
  }
}

variable "kept_images" {
  description = "Released images that are kept in each repository: how far one can roll back."
  type        = number
  default     = 50

  validation {
    condition     = var.kept_images >= 10
    error_message = "Keep ten at least: running tasks start again from their image."
  }
}

variable "untagged_days" {
  description = "Days after which images without a tag go."
  type        = number
  default     = 7

  validation {
    condition     = var.untagged_days >= 1
    error_message = "One day at least."
  }
}

variable "pull_accounts" {
  description = "Other accounts that may pull, where production has an account of its own and runs what was tested here."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for account in var.pull_accounts : can(regex("^[0-9]{12}$", account))])
    error_message = "An account is twelve digits."
  }
}

variable "deletable" {
  description = "Let `terraform destroy` delete repositories that still hold images."
  type        = bool
  default     = false
}
