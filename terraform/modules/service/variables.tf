variable "name" {
  description = "What every name begins with, such as onus-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,18}$", var.name))
    error_message = "The name is 3 to 19 small letters, digits and hyphens: a target group's name has 32 characters."
  }
}

variable "service" {
  description = "The service's short name: auth, task, audit or notify."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2,6}$", var.service))
    error_message = "Two to six small letters."
  }
}

variable "region" {
  description = "The region, for the log driver."
  type        = string
}

variable "image" {
  description = "The image by digest. Null before the first release: then there is only the migration task, whose image the installer sets."
  type        = string
  default     = null

  validation {
    condition     = var.image == null || can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "An image is named by its digest: a tag can be moved."
  }
}

variable "repository" {
  description = "The image's repository: url, arn. Tasks may pull from this one only."
  type        = object({ url = string, arn = string })
}

variable "ports" {
  description = "The service's two ports."
  type        = object({ public = number, internal = number })

  validation {
    condition     = var.ports.public > 1023 && var.ports.internal > 1023 && var.ports.public != var.ports.internal
    error_message = "Two different ports above 1023: whoever is not root cannot bind lower ones."
  }
}

variable "environment" {
  description = "Settings of the tasks, without anything secret."
  type        = map(string)

  validation {
    condition     = alltrue([for name in keys(var.environment) : !can(regex("(PASSWORD|SECRET)$", name))])
    error_message = "A password or secret goes into `secrets`."
  }
}

variable "secrets" {
  description = "Settings whose values are in Secrets Manager: ARN, or ARN:key:: for one value of a JSON secret."
  type        = map(string)

  validation {
    condition     = length(setintersection(keys(var.secrets), keys(var.environment))) == 0
    error_message = "A setting is either a secret or it is not."
  }
}

variable "migration" {
  description = "What only the migration task is told, on top of the others: environment and secrets."
  type = object({
    environment = optional(map(string), {})
    secrets     = optional(map(string), {})
  })
  default = {}
}

variable "serve" {
  description = "Tasks that answer HTTP: size of one, least and most of them, and when there are more: at this CPU (percent), or this many requests a minute each."
  type = object({
    cpu         = optional(number, 256)
    memory      = optional(number, 512)
    min         = optional(number, 1)
    max         = optional(number, 4)
    cpu_percent = optional(number, 60)
    requests    = optional(number, 1500)
  })
  default = {}

  validation {
    condition     = var.serve.min >= 0 && var.serve.max >= max(1, var.serve.min)
    error_message = "0 <= min <= max, and max is one at least."
  }
  validation {
    condition     = contains([256, 512, 1024, 2048, 4096], var.serve.cpu) && var.serve.memory >= 2 * var.serve.cpu && var.serve.memory <= 8 * var.serve.cpu
    error_message = "Fargate has 256, 512, 1024, 2048 or 4096 CPU units, with 2 to 8 MiB for each of them."
  }
}

variable "work" {
  description = "Tasks that send and consume events: size of one, least and most of them, and when there are more: at this CPU (percent), or when the oldest message is this old (seconds)."
  type = object({
    cpu         = optional(number, 256)
    memory      = optional(number, 512)
    min         = optional(number, 1)
    max         = optional(number, 4)
    cpu_percent = optional(number, 60)
    queue_age   = optional(number, 30)
  })
  default = {}

  validation {
    condition     = var.work.min >= 0 && var.work.max >= max(1, var.work.min)
    error_message = "0 <= min <= max, and max is one at least."
  }
  validation {
    condition     = contains([256, 512, 1024, 2048, 4096], var.work.cpu) && var.work.memory >= 2 * var.work.cpu && var.work.memory <= 8 * var.work.cpu
    error_message = "Fargate has 256, 512, 1024, 2048 or 4096 CPU units, with 2 to 8 MiB for each of them."
  }
}

variable "canary" {
  description = "How a new version of `serve` comes in: percent of the requests for so many minutes, then all of them while the old version stays for so many more. With `pause` it waits for `deploy/promote` before the rest follows, and goes back after pause_minutes. It also goes back when there are max_5xx answers of 5xx within a minute, or when one request in a hundred takes longer than max_p99_seconds (null: not looked at, as for long polls)."
  type = object({
    percent         = optional(number, 10)
    minutes         = optional(number, 10)
    bake_minutes    = optional(number, 5)
    pause           = optional(bool, false)
    pause_minutes   = optional(number, 1440)
    max_5xx         = optional(number, 5)
    max_p99_seconds = optional(number)
  })
  default = {}

  validation {
    condition     = var.canary.percent >= 1 && var.canary.percent <= 99
    error_message = "1 to 99 percent: with none or all of the requests it is no canary."
  }
  validation {
    condition     = var.canary.minutes >= 1 && var.canary.minutes <= 1440 && var.canary.bake_minutes >= 0 && var.canary.bake_minutes <= 1440
    error_message = "A day at most; and alarms need a minute at least."
  }
  validation {
    condition     = var.canary.pause_minutes >= 1 && var.canary.pause_minutes <= 20160
    error_message = "A deployment can wait for fourteen days."
  }
}

variable "cluster" {
  description = "Where the tasks run (outputs of the module cluster)."
  type = object({
    arn               = string
    name              = string
    capacity_provider = string
    traffic_role_arn  = string
  })
}

variable "launch_type" {
  description = "FARGATE or EC2: what the task definitions must fit."
  type        = string
  default     = "FARGATE"

  validation {
    condition     = contains(["FARGATE", "EC2"], var.launch_type)
    error_message = "FARGATE or EC2."
  }
}

variable "cpu_architecture" {
  description = "ARM64 or X86_64: what the images are built for."
  type        = string
  default     = "ARM64"

  validation {
    condition     = contains(["ARM64", "X86_64"], var.cpu_architecture)
    error_message = "ARM64 or X86_64."
  }
}

variable "vpc_id" {
  description = "The VPC."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets of the tasks."
  type        = list(string)
}

variable "security_group_ids" {
  description = "Security groups of the tasks."
  type        = list(string)
}

variable "load_balancer" {
  description = "The load balancer as its metrics name it (arn_suffix)."
  type        = string
}

variable "public_rule_arn" {
  description = "The listener rule whose weights ECS moves during a canary."
  type        = string
}

variable "internal_target" {
  description = "Whether other services call this one's internal routes: then `work` is behind the load balancer, too."
  type        = bool
  default     = false
}

variable "internal_rule_arn" {
  description = "The listener rule of the internal routes. Only read with internal_target."
  type        = string
  default     = null
}

variable "log_group" {
  description = "The service's log group: name, arn. Streams begin with serve, work or migrate."
  type        = object({ name = string, arn = string })
}

variable "alarm_topic_arn" {
  description = "The SNS topic that alarms and their all-clear go to."
  type        = string
}

variable "sends_to" {
  description = "ARNs of the queues that `work` sends to."
  type        = list(string)
  default     = []
}

variable "receives_from" {
  description = "The queue that `work` consumes: arn, name. Null where there is none."
  type        = object({ arn = string, name = string })
  default     = null
}

variable "mail" {
  description = "As whom `work` may send mail: ARNs of the SES identity and the configuration set. Null: no mail."
  type        = object({ identity_arn = string, configuration_set_arn = string })
  default     = null
}

variable "discovery_bucket" {
  description = "The bucket into which one-off tasks write discovery and public keys: arn. Null: nothing is written."
  type        = object({ arn = string })
  default     = null
}

variable "collector" {
  description = "An image of the AWS Distro for OpenTelemetry in a repository of one's own, which sends traces to X-Ray: image, repository_arn. Null: no traces."
  type        = object({ image = string, repository_arn = string })
  default     = null
}

variable "exec" {
  description = "Let operators run a command in a container (ECS Exec): ARN of the log group for what they type. It needs a writable root file system. Null: nobody can."
  type        = object({ log_group_arn = string })
  default     = null
}
