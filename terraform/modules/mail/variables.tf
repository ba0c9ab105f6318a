variable "name" {
  description = "What every name begins with, such as onus-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,23}$", var.name))
    error_message = "The name is 3 to 24 small letters, digits and hyphens, and begins with a letter."
  }
}

variable "region" {
  description = "The region that sends, for the record of the bounce domain."
  type        = string
}

variable "domain" {
  description = "The domain that mail comes from. Empty: only the address in `from`, which its owner has to confirm by the mail that AWS sends them."
  type        = string
  default     = ""

  validation {
    condition     = var.domain == "" || can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "A domain looks like onus.example.com; empty is allowed."
  }
}

variable "zone_id" {
  description = "The Route 53 zone for the records of DKIM, SPF and DMARC. Empty: make the records of the output `dns_records` wherever the zone is."
  type        = string
  default     = ""
}

variable "from" {
  description = "The sender's address, with or without a name. Empty: onus@ the domain. Empty without a domain: no mail is set up at all."
  type        = string
  default     = ""

  validation {
    condition     = var.from == "" || can(regex("^([^<>]+<)?[^<>@ ]+@[^<>@ ]+>?$", var.from))
    error_message = "An address, such as onus@example.com or Onus <onus@example.com>."
  }
}

variable "report_address" {
  description = "Who gets the reports of other mail servers about DMARC. Empty: nobody."
  type        = string
  default     = ""
}

variable "key_arn" {
  description = "The KMS key of the feedback's topic (observability.key_arn); its policy lets SES use it."
  type        = string
}

variable "alarm_topic_arn" {
  description = "The SNS topic that alarms and their all-clear go to (observability.alarm_topic_arn)."
  type        = string
}

