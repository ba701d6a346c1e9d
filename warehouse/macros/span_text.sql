-- The characters of a span: span_text(text, start_char, end_char). Offsets count code points from 0, the end is exclusive.
-- @text: The text, as in documents.text.
-- @start_char: Start of the span.
-- @end_char: End of the span, exclusive.
create macro span_text(text, start_char, end_char) as
    substring(text, start_char + 1, end_char - start_char)
