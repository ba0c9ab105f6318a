mock_provider "aws" {
  override_during = plan

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_resource "aws_sesv2_configuration_set" {
    defaults = { arn = "arn:aws:ses:eu-central-1:123456789012:configuration-set/onus-dev" }
  }
  mock_resource "aws_sesv2_email_identity" {
    defaults = {
      arn                     = "arn:aws:ses:eu-central-1:123456789012:identity/onus.example.com"
      dkim_signing_attributes = { tokens = ["one", "two", "three"] }
    }
  }
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:eu-central-1:123456789012:onus-dev-mail-feedback" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:123456789012:onus-dev-mail-feedback" }
  }
}

variables {
  name            = "onus-dev"
  region          = "eu-central-1"
  domain          = "onus.example.com"
  zone_id         = "Z0123456789ABCDEFGHIJ"
  key_arn         = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:onus-dev-alarms"
}

run "a_domain_that_is_believed" {
  command = plan

  assert {
    condition     = aws_sesv2_email_identity.this[0].email_identity == "onus.example.com" && aws_sesv2_email_identity.this[0].dkim_signing_attributes[0].next_signing_key_length == "RSA_2048_BIT"
    error_message = "The domain is signed with a long key."
  }
  assert {
    condition     = length([for record in aws_route53_record.this : record if record.type == "CNAME" && endswith(record.name, "._domainkey.onus.example.com")]) == 3
    error_message = "Three names of DKIM."
  }
  assert {
    condition     = length([for record in aws_route53_record.this : record if record.type == "TXT" && strcontains(one(record.records), "v=spf1") && endswith(one(record.records), "-all")]) == 1
    error_message = "SPF lets nobody else send."
  }
  assert {
    condition     = length([for record in aws_route53_record.this : record if record.name == "_dmarc.onus.example.com" && strcontains(one(record.records), "p=quarantine")]) == 1
    error_message = "DMARC says what to do with forgeries."
  }
  assert {
    condition     = aws_sesv2_email_identity_mail_from_attributes.this[0].mail_from_domain == "bounce.onus.example.com"
    error_message = "SPF is asked for a domain of ours."
  }
  assert {
    condition     = output.from == "Onus <onus@onus.example.com>" && output.channel == "ses"
    error_message = "notify-service is told how to send."
  }
}

run "never_in_the_clear" {
  command = plan

  assert {
    condition     = aws_sesv2_configuration_set.this[0].delivery_options[0].tls_policy == "REQUIRE"
    error_message = "Mail goes by TLS or not at all."
  }
  assert {
    condition     = aws_sns_topic.feedback[0].kms_master_key_id == var.key_arn && aws_sqs_queue.feedback[0].sqs_managed_sse_enabled
    error_message = "Feedback holds addresses: it is encrypted."
  }
  assert {
    condition = alltrue([for policy in [aws_sns_topic_policy.feedback[0].policy, aws_sqs_queue_policy.feedback[0].policy] : length([
      for statement in jsondecode(policy).Statement : statement
      if statement.Effect == "Deny" && try(statement.Condition.Bool["aws:SecureTransport"], "") == "false"
    ]) == 1])
    error_message = "On the way too."
  }
}

run "feedback_comes_back" {
  command = plan

  assert {
    condition     = length(setsubtract(["SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT"], aws_sesv2_configuration_set_event_destination.feedback[0].event_destination[0].matching_event_types)) == 0
    error_message = "All that settles a delivery."
  }
  assert {
    condition     = length(setintersection(["OPEN", "CLICK"], aws_sesv2_configuration_set_event_destination.feedback[0].event_destination[0].matching_event_types)) == 0
    error_message = "Nobody is watched while reading."
  }
  assert {
    condition     = aws_sesv2_configuration_set_event_destination.feedback[0].event_destination[0].sns_destination[0].topic_arn == aws_sns_topic.feedback[0].arn && aws_sns_topic_subscription.feedback[0].endpoint == aws_sqs_queue.feedback[0].arn
    error_message = "By the topic to the queue."
  }
  assert {
    condition     = aws_sqs_queue.feedback[0].fifo_queue != true
    error_message = "A standard queue: a topic of SES cannot feed another."
  }
  assert {
    condition     = jsondecode(aws_sns_topic_policy.feedback[0].policy).Statement[0].Condition.StringEquals["aws:SourceArn"] == "arn:aws:ses:eu-central-1:123456789012:configuration-set/onus-dev"
    error_message = "Only our configuration set publishes."
  }
  assert {
    condition     = jsondecode(aws_sqs_queue_policy.feedback[0].policy).Statement[0].Condition.ArnEquals["aws:SourceArn"] == aws_sns_topic.feedback[0].arn
    error_message = "Only our topic sends."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["bounces"].threshold < 0.05 && aws_cloudwatch_metric_alarm.this["complaints"].threshold < 0.001
    error_message = "We hear of it before AWS acts."
  }
}

run "a_zone_elsewhere" {
  command = plan

  variables { zone_id = "" }
  state_key = "elsewhere"

  assert {
    condition     = length(aws_route53_record.this) == 0 && length(output.dns_records) == 6
    error_message = "The records are named for whoever has the zone."
  }
}

run "one_address" {
  command = plan

  variables {
    domain  = ""
    zone_id = ""
    from    = "Onus <onus@example.com>"
  }
  state_key = "address"

  assert {
    condition     = aws_sesv2_email_identity.this[0].email_identity == "onus@example.com" && output.from == "Onus <onus@example.com>"
    error_message = "The address alone is confirmed."
  }
  assert {
    condition     = length(aws_sesv2_email_identity_mail_from_attributes.this) == 0 && length(output.dns_records) == 0
    error_message = "There is no domain to write to."
  }
}

run "no_sender" {
  command = plan

  variables {
    domain  = ""
    zone_id = ""
  }
  state_key = "none"

  assert {
    condition     = output.channel == "mailbox" && output.configuration_set_name == null && output.feedback_queue == null && length(aws_cloudwatch_metric_alarm.this) == 0
    error_message = "Mails are then shown in the app."
  }
}

run "bad_settings" {
  command = plan

  variables {
    domain = "https://example.com"
    from   = "nobody"
  }

  expect_failures = [var.domain, var.from]
}
