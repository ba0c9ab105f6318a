variable "region" {
  description = "Where the state is kept."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region looks like eu-central-1."
  }
}

variable "bucket" {
  description = "The bucket of the state. Empty: onus-state-<account>-<region>."
  type        = string
  default     = ""

  validation {
    condition     = var.bucket == "" || can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "3 to 63 small letters, digits and hyphens."
  }
}

variable "kept_state_days" {
  description = "Days that earlier versions of the state are kept."
  type        = number
  default     = 90

  validation {
    condition     = var.kept_state_days >= 7
    error_message = "A week at least: an earlier version is the only way back from a spoilt state."
  }
}

variable "repository" {
  description = "The repository on GitHub, just as the subject of its tokens names it (`gh api repos/OWNER/NAME/actions/oidc/customization/sub`): owner/name, or owner@1234/name@5678 for repositories made since July 2026. Empty: no roles for GitHub."
  type        = string

  default = ""

  validation {
    condition     = var.repository == "" || (can(regex("^[A-Za-z0-9-]+(@[0-9]+)?/[A-Za-z0-9._-]+(@[0-9]+)?$", var.repository)) && length(regexall("@", var.repository)) != 1)
    error_message = "owner/name, or owner@1234/name@5678: both ids or none, and no wildcards. Empty: no roles for GitHub."
  }
}

variable "apply_environments" {
  description = "Environments of the repository whose jobs may apply Terraform. Give each of them required reviewers: the role can make roles, so it is as mighty as an administrator."
  type        = list(string)
  default     = ["terraform-dev", "terraform-prod"]

  validation {
    condition     = length(var.apply_environments) > 0 && alltrue([for environment in var.apply_environments : can(regex("^[a-z][a-z0-9-]*$", environment))])
    error_message = "Small letters, digits and hyphens."
  }
}
