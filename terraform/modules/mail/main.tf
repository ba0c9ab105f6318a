# The sender of all mail, and the way back: SES tells what became of a mail by a topic, and a queue keeps it until
# notify-service asks. (SES has no queues as destinations, and what it tells EventBridge is best effort.)

data "aws_caller_identity" "current" {}

locals {
  enabled = var.domain != "" || var.from != ""
  from    = var.from != "" ? var.from : var.domain != "" ? "Onus <onus@${var.domain}>" : ""
  # The address without a name around it.
  address = try(regex("<([^<>]+)>", local.from)[0], local.from)
}

resource "aws_sesv2_email_identity" "this" {
  count = local.enabled ? 1 : 0

  # Without a domain, AWS sends a mail to the address, which its owner has to confirm.
  email_identity         = var.domain != "" ? var.domain : local.address
  configuration_set_name = aws_sesv2_configuration_set.this[0].configuration_set_name

  # AWS keeps the private key, and changes it.
  dynamic "dkim_signing_attributes" {
    for_each = var.domain != "" ? [1] : []

    content {
      next_signing_key_length = "RSA_2048_BIT"
    }
  }
}

# Bounces come back to a domain of their own, so that SPF agrees with the sender's domain, as DMARC wants it.
resource "aws_sesv2_email_identity_mail_from_attributes" "this" {
  count = var.domain != "" ? 1 : 0

  email_identity         = aws_sesv2_email_identity.this[0].email_identity
  mail_from_domain       = "bounce.${var.domain}"
  behavior_on_mx_failure = "USE_DEFAULT_VALUE"
}

# Bounces are read from the queue; nobody reads them as mails.
resource "aws_sesv2_email_identity_feedback_attributes" "this" {
  count = local.enabled ? 1 : 0

  email_identity           = aws_sesv2_email_identity.this[0].email_identity
  email_forwarding_enabled = false

  # SES wants another way for bounces before it leaves this one.
  depends_on = [aws_sesv2_configuration_set_event_destination.feedback]
}

resource "aws_sesv2_configuration_set" "this" {
  count = local.enabled ? 1 : 0

  configuration_set_name = var.name

  delivery_options {
    # Links that open doors are in mails: rather none than one that anybody on the way can read.
    tls_policy = "REQUIRE"
  }

  reputation_options {
    reputation_metrics_enabled = true
  }

  sending_options {
    sending_enabled = true
  }

  suppression_options {
    suppressed_reasons = ["BOUNCE", "COMPLAINT"]
  }
}

resource "aws_sesv2_configuration_set_event_destination" "feedback" {
  count = local.enabled ? 1 : 0

  configuration_set_name = aws_sesv2_configuration_set.this[0].configuration_set_name
  event_destination_name = "feedback"

  event_destination {
    enabled = true
    # All that settles a delivery. Openings and clicks are nobody's business.
    matching_event_types = ["BOUNCE", "COMPLAINT", "DELIVERY", "DELIVERY_DELAY", "REJECT", "RENDERING_FAILURE", "SEND"]

    sns_destination {
      topic_arn = aws_sns_topic.feedback[0].arn
    }
  }

  depends_on = [aws_sns_topic_policy.feedback]
}
