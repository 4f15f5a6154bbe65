# Submits bodies that are ready, the same few again and again, with a curl for each.
count=$1 bodies=$2 pairs=$3
for job in $(seq "$count"); do
    curl -sS --fail -o /dev/null "$COMETAPI_BASE_URL/kling/v1/videos/effects" \
        -H "Authorization: Bearer $COMETAPI_KEY" -H 'Content-Type: application/json' \
        --data-binary "@$bodies/$((job % pairs)).json" || exit
done
