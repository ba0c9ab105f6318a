mock_provider "aws" {
  override_during = plan

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:123456789012:onus-dev-some.fifo" }
  }
}

variables {
  name            = "onus-dev"
  alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:onus-dev-alarms"
  producers = {
    audit  = ["arn:aws:iam::123456789012:role/onus-dev-auth-task", "arn:aws:iam::123456789012:role/onus-dev-task-task"]
    notify = ["arn:aws:iam::123456789012:role/onus-dev-auth-task", "arn:aws:iam::123456789012:role/onus-dev-task-task"]
    task   = ["arn:aws:iam::123456789012:role/onus-dev-auth-task"]
  }
  receivers = {
    audit  = ["arn:aws:iam::123456789012:role/onus-dev-audit-task"]
    notify = ["arn:aws:iam::123456789012:role/onus-dev-notify-task"]
    task   = ["arn:aws:iam::123456789012:role/onus-dev-task-task"]
  }
}

run "queues_as_the_code_expects_them" {
  command = plan

  assert {
    condition     = toset([for queue in aws_sqs_queue.this : queue.name]) == toset(["onus-dev-audit.fifo", "onus-dev-notify.fifo", "onus-dev-task.fifo"])
    error_message = "A queue is called <prefix><consumer>.fifo."
  }
  assert {
    condition     = output.prefix == "onus-dev-"
    error_message = "That prefix is what the services are told."
  }
  assert {
    condition     = alltrue([for queue in aws_sqs_queue.this : queue.fifo_queue && !queue.content_based_deduplication && queue.deduplication_scope == "messageGroup" && queue.fifo_throughput_limit == "perMessageGroupId"])
    error_message = "Order and speed count for each stream."
  }
  assert {
    condition     = alltrue([for queue in aws_sqs_queue.this : queue.message_retention_seconds == 1209600 && queue.max_message_size == 1048576])
    error_message = "Fourteen days, and messages of up to 1 MiB, which the batches of the code count on."
  }
}

run "encrypted" {
  command = plan

  assert {
    condition     = alltrue([for queue in concat(values(aws_sqs_queue.this), values(aws_sqs_queue.dead)) : queue.sqs_managed_sse_enabled])
    error_message = "At rest."
  }
  assert {
    condition = alltrue([for policy in concat(values(aws_sqs_queue_policy.this), values(aws_sqs_queue_policy.dead)) : length([
      for statement in jsondecode(policy.policy).Statement : statement
      if statement.Effect == "Deny" && try(statement.Condition.Bool["aws:SecureTransport"], "") == "false" && statement.Principal == "*"
    ]) == 1])
    error_message = "And on the way."
  }
}

run "dead_letters_only_where_order_does_not_matter" {
  command = plan

  assert {
    condition     = keys(aws_sqs_queue.dead) == ["notify"] && aws_sqs_queue.dead["notify"].fifo_queue
    error_message = "Audit and task park poison in a table; a dead-letter queue would break their order."
  }
  assert {
    condition     = jsondecode(aws_sqs_queue.this["notify"].redrive_policy).maxReceiveCount == 200
    error_message = "Only after so many receives that no outage counts."
  }
  assert {
    condition     = !strcontains(aws_sqs_queue.this["audit"].redrive_policy, "maxReceiveCount") && !strcontains(aws_sqs_queue.this["task"].redrive_policy, "maxReceiveCount")
    error_message = "The others never put anything aside."
  }
}

run "only_our_roles" {
  command = plan

  assert {
    condition = alltrue(flatten([for policy in aws_sqs_queue_policy.this : [
      for statement in jsondecode(policy.policy).Statement :
      alltrue([for role in flatten([statement.Principal.AWS]) : startswith(role, "arn:aws:iam::123456789012:role/")]) && alltrue([for action in statement.Action : !strcontains(action, "*")])
      if statement.Effect == "Allow"
    ]]))
    error_message = "What is allowed is allowed to named roles, action by action."
  }
  assert {
    condition = one([
      for statement in jsondecode(aws_sqs_queue_policy.this["task"].policy).Statement : statement.Condition.ArnNotEquals["aws:PrincipalArn"] if try(statement.Sid, "") == "NobodyElseSends"
    ]) == ["arn:aws:iam::123456789012:role/onus-dev-auth-task", "arn:aws:iam::123456789012:role/onus-dev-nobody"]
    error_message = "Only auth-service tells task-service of people."
  }
  assert {
    condition = alltrue([for consumer, policy in aws_sqs_queue_policy.this : one([
      for statement in jsondecode(policy.policy).Statement : statement.Condition.ArnNotEquals["aws:PrincipalArn"] if try(statement.Sid, "") == "NobodyElseReceives"
    ])[0] == "arn:aws:iam::123456789012:role/onus-dev-${consumer}-task"])
    error_message = "Only its own consumer reads a queue."
  }
  assert {
    condition = alltrue([for policy in aws_sqs_queue_policy.this : length(setsubtract(
      ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:PurgeQueue", "sqs:ChangeMessageVisibility"],
      one([for statement in jsondecode(policy.policy).Statement : statement.Action if try(statement.Sid, "") == "NobodyElseReceives"]),
    )) == 0])
    error_message = "Nobody else reads, deletes, hides or purges."
  }
}

run "alarms" {
  command = plan

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.age) == 3 && length(aws_cloudwatch_metric_alarm.depth) == 3 && length(aws_cloudwatch_metric_alarm.dead) == 1
    error_message = "Age and depth of every queue, and anything in a dead-letter queue."
  }
  assert {
    condition     = alltrue([for alarm in local.alarms : alarm.alarm_actions == toset([var.alarm_topic_arn])])
    error_message = "They tell the topic."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.age["audit"].dimensions.QueueName == "onus-dev-audit.fifo" && aws_cloudwatch_metric_alarm.dead["notify"].threshold == 1
    error_message = "Each looks at its queue; the first dead message rings."
  }
}

run "before_there_are_roles" {
  command = plan

  variables {
    producers = {}
    receivers = {}
  }

  assert {
    condition     = alltrue(flatten([for policy in aws_sqs_queue_policy.this : [for statement in jsondecode(policy.policy).Statement : statement.Effect == "Deny"]]))
    error_message = "Without roles nobody may do anything."
  }
}

run "the_audit_log_needs_order" {
  command = plan

  variables {
    consumers = { audit = { dead_letter = true } }
  }

  expect_failures = [var.consumers]
}

run "bad_settings" {
  command = plan

  variables {
    max_receives       = 3
    visibility_seconds = 0
    max_age_seconds    = 1
    max_depth          = 0
  }

  expect_failures = [var.max_receives, var.visibility_seconds, var.max_age_seconds, var.max_depth]
}
