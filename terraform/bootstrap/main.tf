# What must be there before Terraform can keep its state: a bucket. And where a repository is named, the roles by which
# its workflows plan and apply, since these must not be changed by what they apply.
#
# This root has no backend: its first run keeps its state beside it, and deploy/install then moves it into the bucket.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  arn     = "arn:${data.aws_partition.current.partition}"
  bucket  = var.bucket != "" ? var.bucket : "onus-state-${local.account}-${var.region}"
}

resource "aws_s3_bucket" "state" {
  #checkov:skip=CKV_AWS_18:Who reads and writes the state stands in the trail (S3 data events)
  #checkov:skip=CKV_AWS_144:The state describes one region; without that region it describes nothing
  #checkov:skip=CKV2_AWS_62:Nobody waits for a new state
  bucket = local.bucket
  # S3 deletes no bucket that holds anything, and this one always does: nobody loses the state by a mere `destroy`.
  force_destroy = false
}

resource "aws_s3_bucket_public_access_block" "state" {
  bucket                  = aws_s3_bucket.state.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

# A spoilt state is mended by going back to an earlier version.
resource "aws_s3_bucket_versioning" "state" {
  bucket = aws_s3_bucket.state.id

  versioning_configuration {
    status = "Enabled"
  }
}

# AWS's own key of S3: no secret's value is in any state, so a key of our own would only add its price and its policy.
resource "aws_s3_bucket_server_side_encryption_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    id     = "earlier"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.kept_state_days
    }

    # Every lock leaves a marker behind.
    expiration {
      expired_object_delete_marker = true
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.state]
}

resource "aws_s3_bucket_policy" "state" {
  bucket = aws_s3_bucket.state.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyEncrypted"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.state.arn, "${aws_s3_bucket.state.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "OnlyThisAccount"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.state.arn, "${aws_s3_bucket.state.arn}/*"]
        Condition = {
          StringNotEquals = { "aws:PrincipalAccount" = local.account }
          Bool            = { "aws:PrincipalIsAWSService" = "false" }
        }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.state]
}
