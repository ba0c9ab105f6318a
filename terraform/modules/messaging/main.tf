# One FIFO queue for each consumer. A queue may lose, double or reorder, and the result is still right: the events are
# rows of their producer, and consumers compare versions. So the queues are plain, and keep what they have for long.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  dead_letters = { for consumer, queue in var.consumers : consumer => queue if queue.dead_letter }

  produce = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"]
  consume = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage"]
  # What touches messages. How a queue is set up remains the business of whoever administers the account.
  touch = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:PurgeQueue", "sqs:ReceiveMessage", "sqs:SendMessage"]
}

resource "aws_sqs_queue" "this" {
  for_each = var.consumers

  name       = "${var.name}-${each.key}.fifo"
  fifo_queue = true

  # Order and speed count for each stream (the message group), not for the queue as a whole. The id of the event is the
  # deduplication id, so its content is not looked at.
  content_based_deduplication = false
  deduplication_scope         = "messageGroup"
  fifo_throughput_limit       = "perMessageGroupId"

  visibility_timeout_seconds = var.visibility_seconds
  # 14 days and 1 MiB, the most there is. 20 s of waiting is what the consumers ask for too.
  message_retention_seconds = 1209600
  max_message_size          = 1048576
  receive_wait_time_seconds = 20

  # SQS's own key: a key of ours would be asked for with every poll, for a price and without another reader to keep out.
  sqs_managed_sse_enabled = true

  redrive_policy = each.value.dead_letter ? jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead[each.key].arn
    maxReceiveCount     = var.max_receives
  }) : null
}

# Nothing is lost in here: the hole that an event leaves is filled from its producer. What remains is something to look
# at, which is why an alarm tells of the first message.
resource "aws_sqs_queue" "dead" {
  for_each = local.dead_letters

  name                      = "${var.name}-${each.key}-dead.fifo"
  fifo_queue                = true
  deduplication_scope       = "messageGroup"
  fifo_throughput_limit     = "perMessageGroupId"
  message_retention_seconds = 1209600
  max_message_size          = 1048576
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  for_each = local.dead_letters

  queue_url = aws_sqs_queue.dead[each.key].id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.this[each.key].arn]
  })
}

resource "aws_sqs_queue_policy" "this" {
  for_each = var.consumers

  queue_url = aws_sqs_queue.this[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      length(lookup(var.producers, each.key, [])) == 0 ? [] : [{
        Sid       = "Produce"
        Effect    = "Allow"
        Principal = { AWS = var.producers[each.key] }
        Action    = local.produce
        Resource  = aws_sqs_queue.this[each.key].arn
      }],
      length(lookup(var.receivers, each.key, [])) == 0 ? [] : [{
        Sid       = "Consume"
        Effect    = "Allow"
        Principal = { AWS = var.receivers[each.key] }
        Action    = local.consume
        Resource  = aws_sqs_queue.this[each.key].arn
      }],
      [
        {
          # Whatever their own policies say.
          Sid       = "NobodyElseSends"
          Effect    = "Deny"
          Principal = "*"
          Action    = ["sqs:SendMessage"]
          Resource  = aws_sqs_queue.this[each.key].arn
          Condition = { ArnNotEquals = { "aws:PrincipalArn" = concat(
            lookup(var.producers, each.key, []), var.operators, local.nobody
          ) } }
        },
        {
          Sid       = "NobodyElseReceives"
          Effect    = "Deny"
          Principal = "*"
          Action    = setsubtract(local.touch, ["sqs:SendMessage"])
          Resource  = aws_sqs_queue.this[each.key].arn
          Condition = { ArnNotEquals = { "aws:PrincipalArn" = concat(
            lookup(var.receivers, each.key, []), var.operators, local.nobody
          ) } }
        },
        {
          Sid       = "OnlyEncrypted"
          Effect    = "Deny"
          Principal = "*"
          Action    = "sqs:*"
          Resource  = aws_sqs_queue.this[each.key].arn
          Condition = { Bool = { "aws:SecureTransport" = "false" } }
        },
      ],
    )
  })
}

locals {
  # A condition needs a value also while there are no roles yet. No role has this name.
  nobody = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role/${var.name}-nobody"]
}

resource "aws_sqs_queue_policy" "dead" {
  for_each = local.dead_letters

  queue_url = aws_sqs_queue.dead[each.key].id

  # SQS itself moves messages in here. Whoever looks into it does so with their own role's rights.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyThisAccount"
        Effect    = "Deny"
        Principal = "*"
        Action    = local.touch
        Resource  = aws_sqs_queue.dead[each.key].arn
        Condition = {
          StringNotEquals = { "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id }
          # Not SQS, which has no account.
          Bool = { "aws:PrincipalIsAWSService" = "false" }
        }
      },
      {
        Sid       = "OnlyEncrypted"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.dead[each.key].arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}
