# Three are enough: region, domain, alarm_email. `environment` and everything that differs between environments comes from
# envs/*.tfvars.

variable "region" {
  description = "The region to live in."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region looks like eu-central-1."
  }
}

variable "domain" {
  description = "The domain that people reach Onus by, with a Route 53 zone in this account. Empty: CloudFront's own name, HTTP inside the VPC, and no mail unless mail_from is set."
  type        = string
  default     = ""

  validation {
    condition     = var.domain == "" || can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "A domain looks like onus.example.com; empty is allowed."
  }
}

variable "alarm_email" {
  description = "Who is told of alarms and of costs. AWS sends a mail there first, which has to be confirmed."
  type        = string

  validation {
    condition     = can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", var.alarm_email))
    error_message = "An address, such as ops@example.com."
  }
}

variable "environment" {
  description = "The environment's name, such as dev or prod. Everything is called onus-<environment>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,11}$", var.environment))
    error_message = "Two to twelve small letters and digits, beginning with a letter."
  }
}

variable "zone" {
  description = "The Route 53 zone of the domain, where it has another name, such as example.com for onus.example.com."
  type        = string
  default     = ""
}

variable "images" {
  description = "Images by service (auth, task, audit, notify), each by digest. Null: what was released last, as the parameters /onus/<environment>/release/* say. Without any there is only the foundation."
  type        = map(string)
  default     = null

  validation {
    condition     = alltrue([for service in keys(coalesce(var.images, {})) : contains(["auth", "task", "audit", "notify"], service)])
    error_message = "The services are auth, task, audit and notify."
  }
}

# Network

variable "zones" {
  description = "Availability zones to spread over: two or three."
  type        = number
  default     = 2
}

variable "endpoint_zones" {
  description = "Zones with an interface endpoint each. One halves their price; while that zone is down, nothing reaches AWS's services."
  type        = number
  default     = 1
}

variable "egress" {
  description = "Give auth-service and notify-service a way out through NAT: for external sign-in, webhooks and other mail servers."
  type        = bool
  default     = false
}

# What runs

variable "capacity" {
  description = "What tasks run on: FARGATE, FARGATE_SPOT or EC2."
  type        = string
  default     = "FARGATE"

  validation {
    condition     = contains(["FARGATE", "FARGATE_SPOT", "EC2"], var.capacity)
    error_message = "FARGATE, FARGATE_SPOT or EC2."
  }
}

variable "cpu_architecture" {
  description = "ARM64 or X86_64. Images are built for both."
  type        = string
  default     = "ARM64"

  validation {
    condition     = contains(["ARM64", "X86_64"], var.cpu_architecture)
    error_message = "ARM64 or X86_64."
  }
}

variable "sizes" {
  description = "Size and number of each service's tasks, by service and kind (serve, work): cpu, memory, min, max, cpu_percent, and requests a minute (serve) or queue_age in seconds (work)."
  type = map(object({
    serve = optional(object({ cpu = optional(number), memory = optional(number), min = optional(number), max = optional(number), cpu_percent = optional(number), requests = optional(number) }), {})
    work  = optional(object({ cpu = optional(number), memory = optional(number), min = optional(number), max = optional(number), cpu_percent = optional(number), queue_age = optional(number) }), {})
  }))
  default = {}

  validation {
    condition     = alltrue([for service in keys(var.sizes) : contains(["auth", "task", "audit", "notify"], service)])
    error_message = "The services are auth, task, audit and notify."
  }
}

variable "canary" {
  description = "How a new version of `serve` comes in: percent of the requests for so many minutes, bake_minutes more before the old version goes, and whether a person promotes it (pause)."
  type = object({
    percent      = optional(number, 10)
    minutes      = optional(number, 10)
    bake_minutes = optional(number, 5)
    pause        = optional(bool, false)
    max_5xx      = optional(number, 5)
  })
  default = {}
}

variable "exec" {
  description = "Let operators run a command in a container (ECS Exec). Root file systems are writable then."
  type        = bool
  default     = false
}

variable "collector_image" {
  description = "An image of the AWS Distro for OpenTelemetry, by digest, in the repository onus/collector of this account: switches traces to X-Ray on. Empty: no traces."
  type        = string
  default     = ""

  validation {
    condition     = var.collector_image == "" || can(regex("/onus/collector@sha256:[0-9a-f]{64}$", var.collector_image))
    error_message = "Mirror the image into the repository onus/collector, and name it by its digest: the network reaches no other registry."
  }
}

variable "container_insights" {
  description = "Metrics of single tasks, which CloudWatch bills one by one: disabled, enabled or enhanced."
  type        = string
  default     = "disabled"
}

# What Onus is told

variable "sign_up" {
  description = "Who may sign up with a workspace of their own: open, first or closed."
  type        = string
  default     = "first"

  validation {
    condition     = contains(["open", "first", "closed"], var.sign_up)
    error_message = "open, first or closed."
  }
}

variable "mail_from" {
  description = "The sender's address, with or without a name. Empty: onus@ the domain. Empty without a domain: mails are kept and shown at /mailbox."
  type        = string
  default     = ""
}

variable "allowed_origins" {
  description = "Other origins whose pages may use the API from a browser. None is needed for the web app."
  type        = list(string)
  default     = []
}

variable "more_settings" {
  description = "Further settings by service, as environment variables by their full names: identity providers, for example."
  type        = map(map(string))
  default     = {}
}

variable "more_secrets" {
  description = "Further secret settings by service: ARNs of secrets whose names begin with onus/, by the full names of the variables."
  type        = map(map(string))
  default     = {}
}

# Database

variable "database" {
  description = "Aurora: least and most capacity in ACUs (with 0 it pauses once the services are scaled to zero), instances, days of backups, and a snapshot to begin from."
  type = object({
    min_capacity        = optional(number, 0.5)
    max_capacity        = optional(number, 4)
    instances           = optional(number, 1)
    backup_days         = optional(number, 7)
    snapshot_identifier = optional(string)
  })
  default = {}
}

# Edge

variable "firewall" {
  description = "A web application firewall in front of CloudFront."
  type        = bool
  default     = false
}

variable "price_class" {
  description = "From where CloudFront answers: PriceClass_100 (North America, Europe), PriceClass_200 (Asia, too) or PriceClass_All."
  type        = string
  default     = "PriceClass_200"
}

variable "throttle" {
  description = "Requests to the API, all callers together: rate a second, and burst at once beyond that."
  type        = object({ rate = optional(number, 200), burst = optional(number, 400) })
  default     = {}
}

# Watching and keeping

variable "log_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 30
}

variable "trail" {
  description = "Write down who did what in this account (CloudTrail). Off where there is a trail already: a second one costs."
  type        = bool
  default     = true
}

variable "budget_usd" {
  description = "US dollars a month that the account may cost before mails go out. 0 switches the budget off."
  type        = number
  default     = 150
}

variable "protect" {
  description = "Refuse to delete what holds data, and keep deleted secrets for thirty days. False is for environments that come and go."
  type        = bool
  default     = true
}

# Delivery

variable "registry" {
  description = "Make the image repositories here. False where another environment of this account has made them: environments of one account share them."
  type        = bool
  default     = true
}

variable "repository" {
  description = "The repository on GitHub whose workflows may deploy, as owner/name (or owner@1234/name@5678). Empty: none. bootstrap/ is told the same."
  type        = string
  default     = ""
}
