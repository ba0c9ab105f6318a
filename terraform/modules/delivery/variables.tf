variable "name" {
  description = "What every name begins with, such as onus-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,23}$", var.name))
    error_message = "The name is 3 to 24 small letters, digits and hyphens, and begins with a letter."
  }
}

variable "repository" {
  description = "The repository on GitHub, just as the subject of its tokens names it (`gh api repos/OWNER/NAME/actions/oidc/customization/sub`): owner/name, or owner@1234/name@5678 for repositories made since July 2026."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+(@[0-9]+)?/[A-Za-z0-9._-]+(@[0-9]+)?$", var.repository)) && length(regexall("@", var.repository)) != 1
    error_message = "owner/name, or owner@1234/name@5678: both ids or none, and no wildcards."
  }
}

variable "environment" {
  description = "The environment of the repository whose jobs may deploy here. Its rules on GitHub say who approves."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*$", var.environment))
    error_message = "Small letters, digits and hyphens."
  }
}

variable "images_environment" {
  description = "The environment of the repository whose jobs may push images. Empty: nobody may push from GitHub."
  type        = string
  default     = "images"

  validation {
    condition     = can(regex("^([a-z][a-z0-9-]*)?$", var.images_environment))
    error_message = "Small letters, digits and hyphens, or empty."
  }
}

variable "oidc_provider_arn" {
  description = "The account's OIDC provider of GitHub where there is one already (one of a kind per account: bootstrap makes it when it is told the repository). Empty: make it here."
  type        = string
  default     = ""
}

variable "parameter_path" {
  description = "The SSM parameters of this environment: releases below /release are written, the rest is read."
  type        = string

  validation {
    condition     = can(regex("^/[a-z0-9-]+/[a-z0-9-]+$", var.parameter_path))
    error_message = "A path such as /onus/dev."
  }
}

variable "repository_arns" {
  description = "ARNs of the image repositories (values of registry.repository_arns)."
  type        = list(string)
}

variable "cluster_arn" {
  description = "The ECS cluster."
  type        = string
}

variable "role_arns" {
  description = "ARNs of the task and execution roles that new task definitions may name. Empty: all whose names begin with `name` and end in -task or -execution."
  type        = list(string)
  default     = []
}

variable "log_group_arns" {
  description = "ARNs of the log groups that say why a migration failed."
  type        = list(string)
}

variable "site_bucket_arn" {
  description = "The bucket of the web app."
  type        = string
}

variable "distribution_arn" {
  description = "The CloudFront distribution in front of it."
  type        = string
}
