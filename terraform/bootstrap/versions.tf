terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.66, < 7"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      application = "onus"
      managed-by  = "terraform"
    }
  }
}
