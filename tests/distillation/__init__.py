"""Texts for teachers."""

TEXTS = [" the", "tiger", "a rather longer text, of some words", "##ing", "Ünïcode 汉字"]
