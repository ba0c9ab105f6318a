# Counts from the services' logs, and the alarms on them. A line is JSON: level, message and the event's own fields stand
# on the top level. The words below are those of the code, which an invariant compares.

locals {
  # Where poison was put aside, whatever the service.
  quarantined = "{ ($.message = \"an event is in quarantine*\") || ($.message = \"a message that is no event is in quarantine\") }"

  # Nothing of this ever happens to an audit log that is whole.
  integrity = join(" || ", [for message in [
    "an event is in quarantine*",
    "a message that is no event is in quarantine",
    "the producer does not have an event that must exist",
    "record cannot be read",
    "particulars cannot be read",
  ] : "($.message = \"${message}\")"])

  # A wrong password, code or passkey is answered with 401, too many of them with 429, and with 503 whoever finds no place
  # in a flood.
  refused_sign_ins = join(" && ", [
    "($.message = \"request served\")",
    "($.method = \"POST\")",
    "(($.route = \"/api/auth/sign-in*\") || ($.route = \"/api/auth/passkeys/sign-in\"))",
    "(($.status = 401) || ($.status = 429) || ($.status = 503))",
  ])

  consumers = setintersection(var.services, ["audit", "notify", "task"])

  # Count by name: where it is taken from, and from how many within five minutes somebody is told.
  counts = merge(
    { for service in var.services : "errors-${service}" => {
      group   = service
      pattern = "{ $.level = \"ERROR\" }"
      from    = var.max_errors
      what    = "${service}-service logged ${var.max_errors} errors within five minutes"
    } },
    { for service in local.consumers : "quarantined-${service}" => {
      group   = service
      pattern = local.quarantined
      from    = 1
      what    = "An event is in quarantine in ${service}-service and its stream waits: mend the cause, then redrive"
    } if service != "audit" },
    contains(var.services, "audit") ? { "audit-integrity" = {
      group   = "audit"
      pattern = "{ ${local.integrity} }"
      from    = 1
      what    = "The audit log misses or cannot read an entry: see audit-service's README"
    } } : {},
    contains(var.services, "auth") ? {
      "refused-sign-ins" = {
        group   = "auth"
        pattern = "{ ${local.refused_sign_ins} }"
        from    = var.max_refused_sign_ins
        what    = "${var.max_refused_sign_ins} sign-ins were refused within five minutes: somebody tries passwords"
      }
      "reused-tokens" = {
        group   = "auth"
        pattern = "{ $.message = \"a replaced refresh token came back\" }"
        from    = 5
        what    = "Refresh tokens that were replaced come back: they may have been stolen"
      }
    } : {},
  )
}

resource "aws_cloudwatch_log_metric_filter" "count" {
  for_each = local.counts

  name           = "${var.name}-${each.key}"
  log_group_name = aws_cloudwatch_log_group.service[each.value.group].name
  pattern        = each.value.pattern

  metric_transformation {
    namespace     = local.namespace
    name          = each.key
    value         = "1"
    default_value = "0"
    unit          = "Count"
  }
}

resource "aws_cloudwatch_metric_alarm" "count" {
  for_each = local.counts

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.what
  namespace           = local.namespace
  metric_name         = aws_cloudwatch_log_metric_filter.count[each.key].metric_transformation[0].name
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = each.value.from
  comparison_operator = "GreaterThanOrEqualToThreshold"
  # A service that is scaled to zero logs nothing, and that is no fault.
  treat_missing_data = "notBreaching"
  alarm_actions      = [aws_sns_topic.alarms.arn]
  ok_actions         = [aws_sns_topic.alarms.arn]
}
