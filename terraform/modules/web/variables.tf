variable "name" {
  description = "What every name begins with, such as onus-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,23}$", var.name))
    error_message = "The name is 3 to 24 small letters, digits and hyphens, and begins with a letter."
  }
}

variable "domain" {
  description = "The domain that people reach Onus by. Empty: CloudFront's own name."
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

variable "api_host" {
  description = "The host that answers what begins with /api/ (edge.api_host)."
  type        = string
}

variable "price_class" {
  description = "From where CloudFront answers: PriceClass_100 (North America, Europe), PriceClass_200 (Asia, too) or PriceClass_All."
  type        = string
  default     = "PriceClass_200"

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "PriceClass_100, PriceClass_200 or PriceClass_All."
  }
}

variable "firewall" {
  description = "A web application firewall in front: known bad callers and inputs, and a limit of requests for each address."
  type        = bool
  default     = false
}

variable "firewall_requests" {
  description = "Requests of one address within five minutes, from which it is kept out. People behind one office address share it. Only read with firewall."
  type        = number
  default     = 5000

  validation {
    condition     = var.firewall_requests >= 100
    error_message = "A hundred at least."
  }
}

variable "log_days" {
  description = "Days that access logs are kept. They hold addresses of people."
  type        = number
  default     = 30

  validation {
    condition     = var.log_days >= 1
    error_message = "A day at least."
  }
}

variable "deletable" {
  description = "Let `terraform destroy` delete the buckets with what is in them."
  type        = bool
  default     = false
}
