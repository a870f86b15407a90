"""Accounts, and what the pages keep for them."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import muniment.installation.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("actor", models.TextField(default=muniment.installation.models.new_actor, unique=True)),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.TextField(blank=True, default="")),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("contract", models.TextField(db_index=True)),
                ("thing", models.TextField()),
                ("kind", models.TextField()),
                ("title", models.TextField()),
                ("state", models.TextField(default="waiting")),
                ("step", models.TextField(default="")),
                ("asked", models.JSONField(default=dict)),
                ("found", models.JSONField(null=True)),
                ("wrong", models.TextField(default="")),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("digest", models.TextField(unique=True)),
                ("scopes", models.JSONField(default=list)),
                ("contract", models.TextField(blank=True, default="")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("contract", models.TextField(db_index=True)),
                ("table", models.TextField()),
                ("month", models.TextField()),
                ("file_name", models.TextField()),
                ("size", models.PositiveBigIntegerField()),
                ("path", models.TextField()),
                ("control_rows", models.PositiveBigIntegerField(null=True)),
                ("report", models.JSONField(null=True)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                ("submitted_as", models.TextField(default="")),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
                ("job", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="web.job")),
            ],
        ),
        migrations.CreateModel(
            name="LastLooked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contract", models.TextField()),
                ("seq", models.PositiveBigIntegerField()),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "contract"), name="web_looked_once")],
            },
        ),
    ]
