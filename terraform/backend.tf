# Where the state lies. The bucket is made by bootstrap/; `deploy/install` names it, and the key of the environment:
#   terraform init -backend-config=bucket=… -backend-config=key=onus/dev/terraform.tfstate -backend-config=region=…
terraform {
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}
