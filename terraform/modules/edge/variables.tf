variable "name" {
  description = "What every name begins with, such as onus-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,23}$", var.name))
    error_message = "The name is 3 to 24 small letters, digits and hyphens, and begins with a letter."
  }
}

variable "domain" {
  description = "The domain that people reach Onus by. Then there is TLS up to the load balancer (internal.<domain>) and a domain for the API (api.<domain>). Empty: HTTP inside the VPC, and the API's own address."
  type        = string
  default     = ""

  validation {
    condition     = var.domain == "" || can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "A domain looks like onus.example.com; empty is allowed."
  }
}

variable "zone_id" {
  description = "The Route 53 zone of the domain."
  type        = string
  default     = ""

  validation {
    condition     = var.domain == "" || var.zone_id != ""
    error_message = "A domain needs its zone."
  }
}

variable "subnet_ids" {
  description = "Subnets of the load balancer and of the VPC link."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "A load balancer wants two zones at least."
  }
}

variable "security_groups" {
  description = "Security groups of the load balancer and of the VPC link."
  type        = object({ load_balancer = string, vpc_link = string })
}

variable "services" {
  description = "The services behind the API by short name: port, the path patterns that are answered (five at most), and the pair of target groups that ECS weighs."
  type = map(object({
    port  = number
    paths = optional(list(string), ["/api/*"])
    blue  = string
    green = string
  }))

  validation {
    condition     = alltrue([for service in values(var.services) : length(service.paths) >= 1 && length(service.paths) <= 5])
    error_message = "A listener rule holds one to five patterns."
  }
  validation {
    condition     = alltrue(flatten([for service in values(var.services) : [for path in service.paths : !startswith(path, "/internal") && path != "/*" && path != "*"]]))
    error_message = "No path of the API leads to internal routes."
  }
}

variable "internal_services" {
  description = "The services whose internal routes others call, by short name: port, and the target group of `work`."
  type        = map(object({ port = number, target_group = string }))
  default     = {}
}

variable "routes" {
  description = "The API's routes: service, method, path, and whether they are open to callers without a token."
  type        = list(object({ service = string, method = string, path = string, open = bool }))

  validation {
    condition     = alltrue([for route in var.routes : startswith(route.path, "/api/")])
    error_message = "Only what begins with /api/ goes through the API."
  }
  validation {
    condition     = length(var.routes) <= 300
    error_message = "An API has 300 routes at most, unless AWS raises that."
  }
}

variable "ready" {
  description = "Whether the issuer's discovery document is published. API Gateway fetches it while it makes the authorizer, so before that there are neither authorizer nor routes."
  type        = bool
}

variable "issuer" {
  description = "What tokens name as their issuer, byte for byte."
  type        = string
}

variable "audience" {
  description = "What tokens are for."
  type        = string
  default     = "onus"
}

variable "allowed_origins" {
  description = "Other origins whose pages may use the API from a browser, with credentials. None where the web app has the same origin."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for origin in var.allowed_origins : can(regex("^https?://[^*/]+$", origin))])
    error_message = "An exact origin, such as https://app.example.com; never *."
  }
}

variable "rate" {
  description = "Requests a second to the API, all callers together."
  type        = number
  default     = 200

  validation {
    condition     = var.rate >= 1 && var.rate <= 10000
    error_message = "1 to 10000."
  }
}

variable "burst" {
  description = "Requests at once beyond that."
  type        = number
  default     = 400

  validation {
    condition     = var.burst >= 1 && var.burst <= 5000
    error_message = "1 to 5000."
  }
}

variable "detailed_metrics" {
  description = "Metrics for every route, which CloudWatch bills one by one."
  type        = bool
  default     = false
}

variable "max_5xx" {
  description = "Answers of 5xx within five minutes from which an alarm goes off."
  type        = number
  default     = 10

  validation {
    condition     = var.max_5xx >= 1
    error_message = "One at least."
  }
}

variable "deletion_protection" {
  description = "Refuse to delete the load balancer."
  type        = bool
  default     = true
}

variable "deletable" {
  description = "Let `terraform destroy` delete the bucket of access logs with what is in it."
  type        = bool
  default     = false
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
  description = "The SNS topic that alarms and their all-clear go to."
  type        = string
}
